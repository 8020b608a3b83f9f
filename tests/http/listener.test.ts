import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect } from 'vitest';
import { drain } from '../../src/http/drain.ts';
import { MANY_CHUNKS } from '../../src/http/few-pieces.ts';
import { listen, setHandler } from '../../src/http/listener.ts';
import { CHUNKS_A_SECOND, SmallChunks } from '../../src/http/small-chunks.ts';
import { MAX_UNREAD } from '../../src/http/unread.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { verifies } from '../verifies.ts';

interface Conversation {
  readonly handler?: RequestListener;
  readonly requestTimeoutMs?: number;
  /** Sent once the client has received something that contains `after`. */
  readonly next?: { readonly after: string; readonly bytes: string };
}

const echo: RequestListener = (request, response) => {
  request.on('end', () => response.end('served')).resume();
};

/** What the server answers to bytes that may be no request at all, until it closes the connection. */
async function answerTo(
  bytes: string,
  { handler = echo, requestTimeoutMs = 5_000, next }: Conversation = {},
): Promise<string> {
  const server = await listen({ host: '127.0.0.1', port: 0, requestTimeoutMs });
  setHandler(server, handler);
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  let text = '';
  let rest = next;
  socket.on('data', (chunk) => {
    text += chunk;
    if (rest === undefined || !text.includes(rest.after)) return;
    socket.write(rest.bytes);
    rest = undefined;
  });
  // A connection that is cut off may end in a reset as well.
  socket.on('error', () => undefined);
  await once(socket, 'close');
  await drain(server);
  return text;
}

const HEAD = 'POST /mcp HTTP/1.1\r\nHost: x\r\n';
const WHOLE = `${HEAD}Content-Length: 0\r\n\r\n`;
const HALF = `${HEAD}Content-Length: 100\r\n\r\n{"jsonrpc":`;
const GARBAGE = 'HELO example.com\r\n\r\n';
const CONNECT = 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n';

/** All that Node says to what is not HTTP. */
const bare = (status: string) => `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`;

verifies('wire.slow-body', 'gives up on a request whose body does not arrive in time', async () => {
  const answer = await answerTo(HALF, { requestTimeoutMs: 200 });
  expect(answer).toBe(bare('408 Request Timeout'));
});

verifies('wire.slow-body', 'gives up on headers that do not arrive in time', async () => {
  expect(await answerTo(HEAD, { requestTimeoutMs: 200 })).toBe(bare('408 Request Timeout'));
});

verifies.each('middleware.errors', [
  ['is none', GARBAGE, '400 Bad Request'],
  ['has headers beyond measure', `${HEAD}X: ${'x'.repeat(70_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
  [
    'smuggles a second one',
    `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '400 Bad Request',
  ],
  ['has a broken body', `${HEAD}Transfer-Encoding: chunked\r\n\r\nx\r\n`, '400 Bad Request'],
])('answers what %s in one bare line, and closes the connection', async (_name, bytes, status) => {
  expect(await answerTo(bytes)).toBe(bare(status));
});

verifies('middleware.errors', 'closes a connection that is to be a tunnel', async () => {
  expect(await answerTo(CONNECT)).toBe('');
});

verifies(
  'http.expectation',
  'hands a request with an expectation that nobody knows to the door that refuses it',
  async () => {
    const answer = await answerTo(`${HEAD}Expect: foo\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*served$/);
  },
);

verifies('middleware.host', 'lets a request without a Host through to the door that checks it', async () => {
  expect(await answerTo('GET /mcp HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [\s\S]*served$/);
});

verifies('refusal.form', 'tells early requests to come back, messages by a JSON-RPC error', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [path, method, form] of [
    ['/mcp', 'POST', 'rpc'],
    ['/', 'POST', 'rpc'],
    ['/mcp?x=1', 'POST', 'rpc'],
    ['/mcp', 'GET', 'oauth'],
    ['/docs/errors', 'POST', 'oauth'],
  ] as const) {
    const response = await fetch(url + path, { method });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    const body = (await response.json()) as { error: unknown };
    if (form === 'rpc') expect(refusalIn(body)).toMatchObject({ error: 'server_error', retryAfterMs: 1000 });
    else expect(body.error).toBe('server_error');
  }
  await drain(server);
});

describe('what is broken behind another request', () => {
  const refuse: RequestListener = (_request, response) => {
    response.writeHead(401).end('no token');
  };
  const stream: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
  };
  const silence: RequestListener = () => undefined;

  verifies.each('middleware.errors', [
    ['garbage', GARBAGE],
    ['a tunnel', CONNECT],
  ])('is %s: nothing is written into an answer under way', async (_name, bytes) => {
    const answer = await answerTo(WHOLE, { handler: stream, next: { after: 'first', bytes } });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*data: first\n\n\r\n$/);
  });

  verifies.each('middleware.errors', [
    ['garbage', GARBAGE, bare('400 Bad Request')],
    ['a slow body', HALF, bare('408 Request Timeout')],
    ['a tunnel', CONNECT, ''],
  ])('is %s: the call before it ends with their connection', async (_name, bytes, answer) => {
    expect(await answerTo(`${WHOLE}${bytes}`, { handler: silence, requestTimeoutMs: 200 })).toBe(answer);
  });

  verifies('middleware.errors', 'is garbage after an answer: that is answered', async () => {
    const answer = await answerTo(WHOLE, { next: { after: 'served', bytes: GARBAGE } });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.endsWith(`served${bare('400 Bad Request')}`)).toBe(true);
  });

  verifies.each('wire.slow-body', [
    ['a body', HALF],
    ['a body with an expectation', HALF.replace('Host: x', 'Host: x\r\nExpect: foo')],
  ])('is the rest of %s that was answered already: it ends the connection in time', async (_name, bytes) => {
    const answer = await answerTo(bytes, { handler: refuse, requestTimeoutMs: 200 });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.endsWith(bare('408 Request Timeout'))).toBe(true);
  });

  verifies('wire.slow-body', 'is the rest of a body whose answer has begun: nothing is written into that', async () => {
    const handler: RequestListener = (request, response) => {
      request.resume();
      stream(request, response);
    };
    const answer = await answerTo(HALF, { handler, requestTimeoutMs: 200 });
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

verifies('workers.replaced', 'what arrives before a worker can handle it waits, and is served', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0, waitsForHandler: true });
  const arrived = once(server, 'request');
  const answers = ['a', 'b'].map((name) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`));
  await arrived;
  setHandler(server, (request, response) => response.end(`served ${request.url}`));
  const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
  expect(texts).toEqual(['served /a', 'served /b']);
  await drain(server);
});

describe('a body that nobody reads yet', () => {
  const LENGTH = 16_300;
  const chunked = `${HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
  const body = Array.from({ length: LENGTH }, (_, i) => String.fromCharCode(97 + (i % 26)));

  verifies('connection.pieces', 'is kept in few pieces, however small its chunks, and loses none of them', async () => {
    const pieces: Buffer[] = [];
    const handler: RequestListener = (request, response) => {
      const read = () => {
        if (!request.complete) return setImmediate(read);
        request.on('data', (piece: Buffer) => pieces.push(piece));
        return request.on('end', () => response.end('served'));
      };
      read();
    };
    const chunks = body.join('').replace(/.{1,20}/g, (some) => `${some.length.toString(16)}\r\n${some}\r\n`);
    expect(await answerTo(`${chunked}${chunks}0\r\n\r\n`, { handler })).toContain('served');
    expect(Buffer.concat(pieces).toString()).toBe(body.join(''));
    expect(pieces.length).toBeLessThan(64);
  });

  verifies('connection.chunks', 'ends its connection where it goes on in chunks of a byte', async () => {
    let received = 0;
    const handler: RequestListener = (request) => {
      request.on('data', (piece: Buffer) => {
        received += piece.length;
      });
      request.on('error', () => undefined);
    };
    const chunks = body.map((character) => `1\r\n${character}\r\n`).join('');
    const bytes = `${chunked}${chunks}`;
    const answer = answerTo(bytes, { handler, requestTimeoutMs: 100_000 });
    // What it still sends is answered with a reset.
    expect(await answer.catch(({ code }) => code)).toMatch(/^(?:ECONNRESET)?$/);
    expect(received).toBeLessThanOrEqual(MANY_CHUNKS);
  });

  verifies('connection.chunks', 'is one of few that a server takes in a second', () => {
    let now = 0;
    const small = new SmallChunks(() => now);
    const taken = () => Array.from({ length: 2 * CHUNKS_A_SECOND }, () => small.take()).filter(Boolean).length;
    expect([taken(), taken()]).toEqual([CHUNKS_A_SECOND, 0]);
    now = 1_000;
    expect(taken()).toBe(CHUNKS_A_SECOND);
  });

  verifies('connection.chunks', 'ends connections where hundreds go on in chunks of a byte at once', async () => {
    const server = await listen({ host: '127.0.0.1', port: 0, requestTimeoutMs: 100_000 });
    setHandler(server, () => undefined);
    const bytes = `${chunked}${body
      .slice(0, MANY_CHUNKS - 1)
      .map((character) => `1\r\n${character}\r\n`)
      .join('')}`;
    const closed = Array.from({ length: 40 }, async () => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.write(bytes);
      await once(socket, 'close');
    });
    // Some are within what is taken in the seconds that this lasts; the others end, and nothing else would end them.
    await Promise.any(closed);
    // What was parsed in vain has no part in the bodies of those who come next.
    setHandler(server, (request, response) => void request.pipe(response));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const echoes = Array.from({ length: 40 }, async (_, i) => {
      const text = body.join('') + i;
      return (await (await fetch(url, { method: 'POST', body: text })).text()) === text;
    });
    expect(new Set(await Promise.all(echoes))).toEqual(new Set([true]));
    await drain(server, { timeoutMs: 0 });
    await Promise.all(closed);
  });

  verifies.each('connection.chunks', [1, 5, 16])('arrives whole in thousands of chunks of %i bytes', async (size) => {
    const text = body.slice(0, 8_000 * size).join('');
    const handler: RequestListener = (request, response) => {
      let read = '';
      request.on('data', (piece: Buffer) => {
        read += piece.toString();
      });
      request.on('end', () => response.end(read === text ? 'whole' : 'changed'));
    };
    const pieces = text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
    const chunks = pieces.map((some) => `${some.length.toString(16)}\r\n${some}\r\n`).join('');
    expect(await answerTo(`${chunked}${chunks}0\r\n\r\n`, { handler })).toContain('whole');
  });

  verifies('connection.pieces', 'arrives whole where it is read as it comes, in any framing', async () => {
    const long = body.join('').repeat(20);
    const texts: string[] = [];
    const handler: RequestListener = (request, response) => {
      const read: Buffer[] = [];
      request.on('data', (piece: Buffer) => read.push(piece));
      request.on('end', () => {
        texts.push(Buffer.concat(read).toString());
        response.end('served');
      });
    };
    const inChunks = long.replace(/.{1,1000}/g, (some) => `${some.length.toString(16)}\r\n${some}\r\n`);
    await answerTo(`${chunked}${inChunks}0\r\n\r\n`, { handler });
    await answerTo(`${HEAD}Content-Length: ${long.length}\r\nConnection: close\r\n\r\n${long}`, { handler });
    expect(texts).toEqual([long, long]);
  });

  verifies('connection.pieces', 'is not taken on without end, and goes on once it is read', async () => {
    const long = body.join('').repeat(20);
    let kept = 0;
    let text = '';
    const handler: RequestListener = (request, response) => {
      let last = -1;
      const look = () => {
        // As much has arrived as will.
        if (request.readableLength !== last || last === 0) {
          last = request.readableLength;
          return setTimeout(look, 50);
        }
        kept = last;
        request.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        return request.on('end', () => response.end('served'));
      };
      look();
    };
    await answerTo(`${HEAD}Content-Length: ${long.length}\r\nConnection: close\r\n\r\n${long}`, { handler });
    expect(kept).toBeLessThan(long.length / 2);
    expect(text).toBe(long);
  });

  verifies(
    'connection.unread-bodies',
    'takes no more memory than there is, however many connections send one',
    async () => {
      const server = await listen({ host: '127.0.0.1', port: 0, requestTimeoutMs: 100_000 });
      const { port } = server.address() as AddressInfo;
      const arrived: IncomingMessage[] = [];
      setHandler(server, (request, response) => {
        if (request.url === '/read') request.on('end', () => response.end('served')).resume();
        else arrived.push(request.on('error', () => undefined));
      });
      const size = 60_000;
      const body = 'x'.repeat(size);
      const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`;
      const count = Math.ceil((1.5 * MAX_UNREAD) / size);
      const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => undefined));
      for (const [i, socket] of sockets.entries()) {
        socket.write(head('/kept') + body);
        await expect.poll(() => arrived[i]?.readableLength ?? 0, { interval: 1 }).toBeGreaterThan(0);
      }
      const kept = () => arrived.filter(({ destroyed }) => !destroyed);
      const bytes = () => kept().reduce((sum, { readableLength }) => sum + readableLength, 0);
      await expect.poll(bytes).toBeLessThanOrEqual(MAX_UNREAD);
      expect(kept().length).toBeGreaterThan(0);
      expect(kept()).toEqual(arrived.slice(-kept().length));
      const read = await fetch(`http://127.0.0.1:${port}/read`, { method: 'POST', body });
      expect(await read.text()).toBe('served');
      for (const socket of sockets) socket.destroy();
      await drain(server);
    },
  );

  verifies('connection.linger', 'is not taken on for long once its answer has left', async () => {
    const handler: RequestListener = (_request, response) => void response.writeHead(401).end('refused');
    const answer = await answerTo(`${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`, {
      handler,
      requestTimeoutMs: 100_000,
    });
    expect(answer).toContain('refused');
  });

  verifies(
    'connection.linger',
    'leaves nothing on its connection, however many answers leave before their bodies',
    async () => {
      const server = await listen({ host: '127.0.0.1', port: 0 });
      const listeners: number[] = [];
      setHandler(server, (request, response) => {
        listeners.push(request.socket.listenerCount('close'));
        response.end('refused');
      });
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      for (let sent = 0; sent < 20; sent++) {
        socket.write(`${HEAD}Content-Length: 4\r\n\r\n`);
        await once(socket, 'data');
        socket.write('body');
      }
      socket.destroy();
      await drain(server);
      expect(listeners).toHaveLength(20);
      expect(new Set(listeners).size).toBe(1);
    },
  );
});

describe('a server that cannot listen', () => {
  const why = (host: string, port = 0) =>
    listen({ host, port }).then(
      () => expect.fail('It listens.'),
      (error: Error) => error.message,
    );

  verifies('start.address', 'says of an address of another machine that HOST is for one of this machine', async () => {
    // TEST-NET-1, which no machine has.
    expect(await why('192.0.2.1')).toMatch(/^192\.0\.2\.1 is not an address of this machine\. HOST is /);
  });

  verifies('start.address', 'says the same of a name that is not known here', async () => {
    expect(await why('mcp.invalid')).toMatch(/^The host name mcp\.invalid is not known here\. HOST is /);
  });

  verifies('start.address', 'names the setting of the port when that is taken', async () => {
    const first = await listen({ host: '127.0.0.1', port: 0 });
    const { port } = first.address() as AddressInfo;
    expect(await why('127.0.0.1', port)).toBe(`Port ${port} on 127.0.0.1 is taken. PORT names another one.`);
    await drain(first);
  });
});
