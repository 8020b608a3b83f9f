import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './client.ts';
import { Wrong } from './expectations.ts';
import type { Scenario } from './scenario.ts';
import { Tally } from './tally.ts';

/** A pause after each failure, so that a client that fails repeatedly does not use all CPU time. */
const AFTER_FAILURE_MS = 50;

/** The tally of each scenario. */
export type Tallies = ReadonlyMap<Scenario, Tally>;

/** Makes all clients run random scenarios, one after the other, for a number of seconds. */
export async function drive(
  clients: readonly Client[],
  scenarios: readonly Scenario[],
  seconds: number,
): Promise<Tallies> {
  const tallies = new Map(scenarios.map((scenario) => [scenario, new Tally()]));
  const end = performance.now() + seconds * 1000;
  const work = async (client: Client) => {
    while (performance.now() < end) {
      const scenario = client.random.weighted(scenarios, ({ weight }) => weight);
      client.tally = tallies.get(scenario) ?? client.tally;
      try {
        await scenario.run(client);
      } catch (error) {
        // A connection that is lost or silent counts as a missing answer.
        const reason = error instanceof Wrong || error instanceof Error ? error.message : String(error);
        client.tally.countWrong(`${scenario.name}: ${reason}`);
        await pause(AFTER_FAILURE_MS);
      }
    }
  };
  await Promise.all(clients.map(work));
  return tallies;
}
