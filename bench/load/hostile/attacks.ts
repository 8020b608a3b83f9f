import { ENVIRONMENT_IDS } from '../../../src/sandbox/data/ids.ts';
import { BROKEN_ID } from '../reads.ts';
import type { Attacker } from './attacker.ts';

/** A way to take the server away from others. It is repeated until the end. */
export interface Attack {
  readonly name: string;
  /** How many connections make it at the same time. */
  readonly connections: number;
  run(attacker: Attacker): Promise<void>;
}

const LARGE_BYTES = 1_048_000;
const SMALL_BYTES = 60_000;

function request(method: string, params: object, id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

function call(name: string, args: object): string {
  return request('tools/call', { name, arguments: args });
}

const whoami = call('whoami', {});
const list = request('tools/list', {});

/** Repeats a request, and waits for each answer. */
function flood(name: string, textOf: (attacker: Attacker) => string, connections = 2): Attack {
  return { name: `flood: ${name}`, connections, run: (attacker) => attacker.inTurn(() => textOf(attacker)) };
}

/** Sends a text at once, and reads no answer. */
function unread(name: string, textOf: (attacker: Attacker) => string, connections: number): Attack {
  return {
    name: `unread: ${name}`,
    connections,
    run: async (attacker) => {
      const line = await attacker.open();
      line.socket.pause();
      line.socket.write(textOf(attacker));
      await attacker.outwait(line);
    },
  };
}

/** A body that comes so slowly that it never ends. */
function slow(name: string, length: number, dripMs: number, connections: number): Attack {
  return {
    name: `slow: ${name}`,
    connections,
    run: async (attacker) => {
      const line = await attacker.open();
      const { socket } = line;
      socket.resume();
      socket.write(attacker.post('', { length }));
      if (dripMs === 0) socket.write('x'.repeat(length - 1));
      while (dripMs > 0 && !socket.destroyed && !attacker.signal.aborted) {
        socket.write('{');
        await attacker.rest(dripMs);
      }
      await attacker.outwait(line);
    },
  };
}

const times = (count: number, text: string) => text.repeat(count);
const unknownKey = ({ random, caller }: Attacker) => {
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `k${random.below(1e9)}` })).toString('base64url');
  return `${header}.${caller.token.split('.').slice(1).join('.')}`;
};

export const attacks: readonly Attack[] = [
  slow('a large body without its last byte', LARGE_BYTES, 0, 32),
  slow('a body, byte by byte', SMALL_BYTES, 250, 32),
  unread('tools/list, 50 in a row', (attacker) => times(50, attacker.post(list)), 6),
  unread(
    'ids of 200 characters, 400 in a row',
    (attacker) => times(400, attacker.post(request('ping', {}, 'x'.repeat(200)))),
    6,
  ),
  unread(
    'an id of a megabyte, 3 in a row',
    (attacker) => times(3, attacker.post(request('ping', {}, 'x'.repeat(LARGE_BYTES)))),
    2,
  ),
  {
    name: 'pipeline: 50 calls, then gone',
    connections: 4,
    run: async (attacker) => {
      const { socket } = await attacker.open();
      socket.write(times(50, attacker.post(whoami)));
      await attacker.rest(50 + attacker.random.below(200));
      socket.destroy();
    },
  },
  {
    name: 'connections, opened and closed',
    connections: 2,
    run: async (attacker) => {
      const { socket } = await attacker.open();
      socket.write('POST /mcp HTTP/1.1\r\n');
      await attacker.rest(20);
      socket.destroy();
    },
  },
  flood('calls', (attacker) => attacker.post(whoami), 4),
  flood('unknown keys', (attacker) => attacker.post(whoami, { token: unknownKey(attacker) })),
  flood('no token', (attacker) => attacker.post(whoami, { token: '' })),
  flood('a scope that is missing', (attacker) =>
    attacker.post(call('create_organization', { environmentId: ENVIRONMENT_IDS.production, name: 'Must never be' })),
  ),
  flood('a failing API', (attacker) =>
    attacker.post(
      call('get_organization_details', { environmentId: ENVIRONMENT_IDS.production, organizationId: BROKEN_ID }),
    ),
  ),
  flood('no JSON', (attacker) => attacker.post('{"jsonrpc"')),
  flood('JSON inside a string', (attacker) => attacker.post(call('whoami', { x: `[${'[],'.repeat(15_000)}1]` }))),
  flood('a long argument', (attacker) =>
    attacker.post(call('list_organizations', { environmentId: '@'.repeat(50_000) })),
  ),
  flood('a large body', (attacker) => attacker.post(call('whoami', { x: 'x'.repeat(LARGE_BYTES) })), 1),
  flood('many headers', (attacker) => attacker.post(whoami, { headers: times(300, 'a: b\r\n') }), 1),
];
