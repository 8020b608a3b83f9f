import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ENVIRONMENT_IDS } from '../../src/sandbox/data/ids.ts';
import type { Sent } from '../load/connection.ts';
import { message } from '../load/message.ts';

const MB = 1_000_000;

/** Connections of one person that ask for more memory than they should get. */
export interface Attack {
  readonly name: string;
  /** How many connections it opens. */
  readonly connections: number;
  /** What each connection writes, one after the other; the client reads no answer. */
  readonly writes: (token: string) => Iterable<string>;
}

/** A request as it is written. `announced`: a longer `Content-Length`, whose rest never comes. */
function written({ headers, body }: Sent, announced = Buffer.byteLength(body)): string {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': announced });
  return `POST /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

const LONG_LIST = { name: 'list_organizations', arguments: { environmentId: ENVIRONMENT_IDS.development } };

const MANY = Array.from({ length: 4_900 }, () => ({}));
/** For want of a scope: its answer is held back. */
const REFUSED = { name: 'create_organization', arguments: { environmentId: ENVIRONMENT_IDS.development, x: MANY } };

/** A body of so many bytes without its last one. */
function* stalled(token: string, bytes: number) {
  const { headers } = message('legacy', token, 'ping');
  yield written({ headers, body: `{"x":"${'x'.repeat(bytes - 7)}` }, bytes);
}

/** The same message again and again on one connection. */
function* pipelined(sent: Sent, times: number) {
  const text = written(sent);
  for (let i = 0; i < times; i++) yield text;
}

export const attacks: readonly Attack[] = [
  { name: 'bodies of 1 MB that stop before their end', connections: 512, writes: (token) => stalled(token, 1_048_000) },
  { name: 'the largest bodies that are read, likewise', connections: 512, writes: (token) => stalled(token, 600_000) },
  { name: 'bodies of 64 KB, likewise', connections: 512, writes: (token) => stalled(token, 64_000) },
  {
    name: 'bodies of 64 KB in chunks, without an end',
    connections: 512,
    writes: function* (token) {
      const { headers } = message('legacy', token, 'ping');
      const head = Object.entries({ host: 'localhost', ...headers, 'transfer-encoding': 'chunked' });
      yield `POST /mcp HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
      for (let i = 0; i < 63; i++) yield `400\r\n${'x'.repeat(1024)}\r\n`;
    },
  },
  {
    name: 'bodies in chunks of one byte, behind an answer that is held back, without a token',
    connections: 256,
    writes: function* () {
      const chunks = '1\r\na\r\n'.repeat(16_300);
      yield 'GET /mcp HTTP/1.1\r\nhost: localhost\r\n\r\n';
      const head = 'POST /mcp HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n';
      for (let i = 0; i < 4; i++) yield `${head}${chunks}0\r\n\r\n`;
    },
  },
  {
    name: 'pings with ids of 1 MB, answers not read',
    connections: 100,
    writes: (token) => pipelined(message('legacy', token, 'ping', {}, 'x'.repeat(MB)), 5),
  },
  {
    name: 'pings with ids of 60 KB, answers not read',
    connections: 100,
    writes: (token) => pipelined(message('legacy', token, 'ping', {}, 'x'.repeat(60_000)), 5),
  },
  {
    name: 'lists of tools, answers not read',
    connections: 20,
    writes: (token) => pipelined(message('modern', token, 'tools/list'), 100),
  },
  {
    name: 'calls that are refused, of as many values as a body may hold',
    connections: 1_000,
    writes: (token) => pipelined(message('legacy', token, 'tools/call', REFUSED), 4),
  },
  {
    name: 'calls whose answers from the API are as long as can be',
    connections: 200,
    writes: (token) => pipelined(message('modern', token, 'tools/call', LONG_LIST), 1),
  },
];

/**
 * Carries out an attack. Its connections stay open, unread, until they are destroyed.
 * @param tokens of one person; connections take turns in using them
 */
export async function attack(url: string, { connections, writes }: Attack, tokens: readonly string[]) {
  const sockets: Socket[] = [];
  const { hostname, port } = new URL(url);
  const one = async (token: string) => {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    const gone = new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
    await Promise.race([once(socket, 'connect').catch(() => undefined), gone]);
    socket.pause();
    for (const text of writes(token)) {
      if (socket.destroyed) return;
      // A server that does not read any more is left waiting: that is part of the attack.
      if (!socket.write(text)) await Promise.race([once(socket, 'drain').catch(() => undefined), gone]);
    }
  };
  const writing = Array.from({ length: connections }, (_, i) => one(tokens[i % tokens.length] ?? ''));
  return {
    /** Settles when everything is written, which may never happen. */
    written: Promise.allSettled(writing),
    end: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
