import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Client } from './client.ts';
import type { Leaving } from './connection.ts';
import { message } from './message.ts';
import type { Scenario } from './scenario.ts';

/** Clients disconnect at most this long after the request. Calls take about as long under load. */
const MAX_WAIT_MS = 30;

const calls = [
  { name: 'list_organizations', arguments: { environmentId: ENVIRONMENT_IDS.production } },
  { name: 'list_environments', arguments: {} },
  { name: 'whoami', arguments: {} },
];

/** Disconnects early. The client's next request must work normally. */
async function leave(client: Client, method: string, leavingOf: (length: number) => Leaving): Promise<void> {
  const params = method === 'tools/call' ? client.random.of(calls) : {};
  const sent = message(client.era(), client.anybody().token, method, params, client.id());
  const length = Buffer.byteLength(sent.body);
  const unanswered = await client.connection.leave(sent, leavingOf(length));
  client.tally.left(unanswered);
}

const waitOf = (client: Client) => client.random.below(MAX_WAIT_MS);

export const earlyCloses: readonly Scenario[] = [
  {
    group: 'early close',
    name: 'in the middle of the body',
    weight: 4,
    run: (client) =>
      leave(client, 'tools/call', (length) => ({
        when: 'unsent',
        bytes: client.random.below(length),
        afterMs: waitOf(client) / 4,
      })),
  },
  {
    group: 'early close',
    name: 'in the middle of the call',
    weight: 6,
    run: (client) => leave(client, 'tools/call', () => ({ when: 'called', afterMs: waitOf(client) })),
  },
  {
    group: 'early close',
    name: 'in the middle of the answer',
    weight: 2,
    run: (client) => leave(client, 'tools/list', () => ({ when: 'read' })),
  },
];
