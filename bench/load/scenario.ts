import type { Client } from './client.ts';

/** Something that a client does, from its request to the check of the answer. */
export interface Scenario {
  readonly group: 'read' | 'write' | 'bad token' | 'no scope' | 'malformed' | 'early close' | 'over the limit';
  readonly name: string;
  /** How often it is done, in relation to others. */
  readonly weight: number;
  /** @throws Wrong when the answer is not the one that was due */
  run(client: Client): Promise<void>;
}
