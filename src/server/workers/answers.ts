import { type Counter, memoryCounter } from '../../limits/counter.ts';
import type { WriteSome } from '../../observability/log/writer.ts';
import type { MemoryConfirmationStore } from '../../shared/confirmation-store.ts';
import type { Question, Written } from './messages.ts';

export interface AnswerOptions {
  readonly confirmations: MemoryConfirmationStore;
  readonly stdout: WriteSome;
  readonly stderr: WriteSome;
}

/** Answers what workers ask: counts for them, keeps what they have used, writes their lines. */
export function answersOf({ confirmations, stdout, stderr }: AnswerOptions): (question: Question) => Promise<unknown> {
  const counters = new Map<string, Counter>();
  const outputs = { stdout, stderr };

  function counterOf({ name, allowance }: Extract<Question, { kind: 'spend' }>): Counter {
    const known = counters.get(name);
    if (known !== undefined) return known;
    const counter = memoryCounter(allowance);
    counters.set(name, counter);
    return counter;
  }

  return (question) => {
    switch (question.kind) {
      case 'spend':
        return counterOf(question).spend(question.key, question.points);
      case 'use':
        return confirmations.use(question.mark);
      case 'write':
        return written(outputs[question.to], Buffer.from(question.text, 'latin1'));
    }
  };
}

function written(write: WriteSome, bytes: Buffer): Promise<Written> {
  return new Promise((resolve) =>
    write(bytes, (error, count) => {
      if (error === null) resolve({ written: count });
      else resolve({ written: count, error: { code: error.code, message: error.message } });
    }),
  );
}
