import type { EraName } from '../../tests/fixtures/rpc.ts';
import type { Caller, Callers } from './callers.ts';
import { type Answer, Connection, type Sent } from './connection.ts';
import { message } from './message.ts';
import type { Random } from './random.ts';
import type { References } from './references.ts';
import { Tally } from './tally.ts';

const ERAS = ['modern', 'legacy'] as const;
/** Most requests have the same id, so that the server must not distinguish answers by it. */
const IDS = [1, 1, 1, 1, '1', 0, 7, 'a'] as const;

/** One client of the load, with its own connection. */
export class Client {
  readonly number: number;
  readonly random: Random;
  readonly callers: Callers;
  readonly references: References;
  readonly connection: Connection;
  /** The tally of the current scenario. */
  tally = new Tally();
  /** Counts what this client creates, to make unique names. */
  made = 0;

  constructor(
    number: number,
    url: string,
    shared: {
      readonly random: Random;
      readonly callers: Callers;
      readonly references: References;
    },
  ) {
    this.number = number;
    this.connection = new Connection(url);
    this.random = shared.random;
    this.callers = shared.callers;
    this.references = shared.references;
  }

  era(): EraName {
    return this.random.of(ERAS);
  }

  id(): string | number {
    return this.random.of(IDS);
  }

  anybody(): Caller {
    return this.random.of([...this.callers.writers, this.callers.reader]);
  }

  writer(): Caller {
    return this.random.of(this.callers.writers);
  }

  /** A unique text. */
  text(): string {
    return `Load ${this.number}-${this.made++}, ${this.random.below(1e9).toString(36)}`;
  }

  /** Sends a request, and counts the answer. */
  async send(sent: Sent): Promise<Answer> {
    const started = performance.now();
    const answer = await this.connection.send(sent);
    this.tally.answered(answer.status, performance.now() - started);
    return answer;
  }

  ask(era: EraName, caller: Caller, method: string, params: Record<string, unknown>, id: unknown): Promise<Answer> {
    return this.send(message(era, caller.token, method, params, id));
  }

  call(era: EraName, caller: Caller, tool: string, args: object, id: unknown): Promise<Answer> {
    return this.ask(era, caller, 'tools/call', { name: tool, arguments: args }, id);
  }
}
