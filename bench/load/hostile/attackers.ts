import type { Caller } from '../callers.ts';
import { Siege } from './siege.ts';

/**
 * Runs the attackers as a separate process, so that an honest caller's answers do not wait for the work of those who
 * attack. The callers come in the question that begins the attack, because their tokens belong into no environment.
 */
let siege: Siege | undefined;

/** What begins an attack. */
export interface Plan {
  /** Of the server, on this machine. */
  readonly port: number;
  readonly callers: readonly Caller[];
  readonly seed: number;
}

const answers = {
  begin: ({ port, callers, seed }: Plan) => {
    siege = new Siege(port, callers, seed);
  },
  /** Ends all attacks, and says what was sent and answered. */
  end: async () => {
    await siege?.callOff();
    return siege?.rows();
  },
};

process.on('message', async ({ id, question, value }: { id: number; question: keyof typeof answers; value: Plan }) => {
  process.send?.({ id, answer: await answers[question](value) });
});
process.stdout.write(`${JSON.stringify({ event: 'ready', url: '' })}\n`);
