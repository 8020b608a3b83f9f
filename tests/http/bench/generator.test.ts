import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect } from 'vitest';
import { sendLoad } from '../../../bench/generator.ts';
import type { PreparedRequest } from '../../../bench/prepared-request.ts';
import { verifies } from '../../verifies.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const answer = (status: number, body: string) =>
  `HTTP/1.1 ${status} X\r\nX-Request-Id: 1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A server that answers each request, however it comes, with what `next` writes. */
async function shotAtServer(next: (socket: Socket, request: number) => void): Promise<PreparedRequest> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('data', () => next(socket, requests++));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, bytes: Buffer.from('POST / HTTP/1.1\r\n\r\n'), status: 200, bodyLength: 5 };
}

verifies('bench.answers', 'sends as many requests as were asked for, and no more', async () => {
  let seen = 0;
  const shot = await shotAtServer((socket) => {
    seen++;
    socket.write(answer(200, 'right'));
  });
  const volley = await sendLoad(shot, 3, { requests: 100 });
  expect({ ...volley, latencies: volley.latencies.length, seconds: 0 }).toEqual({
    requests: 100,
    latencies: 100,
    failures: 0,
    seconds: 0,
  });
  expect(seen).toBe(100);
});

verifies('bench.answers', 'puts an answer together that comes in pieces', async () => {
  const shot = await shotAtServer((socket) => {
    const text = answer(200, 'right');
    const pieces = [text.slice(0, 7), text.slice(7, 30), text.slice(30, -2), text.slice(-2)];
    socket.setNoDelay(true);
    const write = () => {
      const piece = pieces.shift();
      if (piece !== undefined) socket.write(piece, () => setImmediate(write));
    };
    write();
  });
  expect(await sendLoad(shot, 1, { requests: 20 })).toMatchObject({ requests: 20, failures: 0 });
});

verifies.each('bench.answers', [
  ['another status', answer(500, 'right')],
  ['another length', answer(200, 'wrong!')],
  ['no length', 'HTTP/1.1 200 OK\r\n\r\nright'],
])('counts %s as a failure', async (_, wrong) => {
  const shot = await shotAtServer((socket, request) => socket.write(request === 4 ? wrong : answer(200, 'right')));
  expect(await sendLoad(shot, 1, { requests: 10 })).toMatchObject({ requests: 10, failures: 1 });
});

verifies('bench.answers', 'counts a connection that is lost as a failure', async () => {
  const shot = await shotAtServer((socket, request) => {
    if (request === 4) socket.end();
    else socket.write(answer(200, 'right'));
  });
  expect(await sendLoad(shot, 1, { requests: 10 })).toMatchObject({ requests: 4, failures: 1 });
});
