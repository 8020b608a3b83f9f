import { setMaxListeners } from 'node:events';
import type { Caller } from '../callers.ts';
import { Random } from '../random.ts';
import { Attacker } from './attacker.ts';
import { type Attack, attacks } from './attacks.ts';

/** All attacks of all attackers, until they are called off. */
export class Siege {
  readonly #end = new AbortController();
  readonly #attackers = new Map<Attack, Attacker[]>();
  readonly #running: Promise<void>[] = [];

  /** @param callers each makes its share of the connections of every attack */
  constructor(port: number, callers: readonly Caller[], seed: number) {
    // Each connection listens for the end.
    setMaxListeners(0, this.#end.signal);
    let number = 0;
    for (const attack of attacks) {
      const attackers = Array.from({ length: attack.connections }, () => {
        const caller = callers[number++ % callers.length];
        if (caller === undefined) throw new Error('A siege needs a caller.');
        return new Attacker(port, caller, new Random(seed + number), this.#end.signal);
      });
      this.#attackers.set(attack, attackers);
      this.#running.push(...attackers.map((attacker) => this.#repeat(attack, attacker)));
    }
  }

  async callOff(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#running);
  }

  /** What was sent, and what the server answered. */
  rows() {
    return [...this.#attackers].map(([{ name, connections }, attackers]) => {
      const statuses = new Map<number, number>();
      for (const attacker of attackers) {
        for (const [status, times] of attacker.statuses) statuses.set(status, (statuses.get(status) ?? 0) + times);
      }
      return {
        attack: name,
        connections,
        sent: attackers.reduce((sum, { sent }) => sum + sent, 0),
        statuses: [...statuses]
          .sort(([a], [b]) => a - b)
          .map(([status, times]) => `${status}: ${times}`)
          .join(', '),
      };
    });
  }

  async #repeat(attack: Attack, attacker: Attacker): Promise<void> {
    while (!this.#end.signal.aborted) {
      await attack.run(attacker);
      // A refused connection must not make this loop spin.
      await attacker.rest(10);
    }
  }
}
