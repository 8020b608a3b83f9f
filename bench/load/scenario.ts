import type { Client } from './client.ts';

/** A step of a client, from its request to the check of the answer. */
export interface Scenario {
  readonly group: 'read' | 'write' | 'bad token' | 'no scope' | 'malformed' | 'early close' | 'over the limit';
  readonly name: string;
  /** How often it is run, in relation to others. */
  readonly weight: number;
  /** @throws Wrong when the answer is not the expected one */
  run(client: Client): Promise<void>;
}
