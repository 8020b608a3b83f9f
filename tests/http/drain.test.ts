import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { describe, expect } from 'vitest';
import { drain } from '../../src/http/drain.ts';
import { listen, setHandler } from '../../src/http/listener.ts';
import { verifies } from '../verifies.ts';

/** More than the kernel keeps for a client that does not read. */
const LONG = Buffer.alloc(32 * 1024 * 1024, 'x');

/** A server that has given a long answer to a client that does not read it yet. */
async function slowReader() {
  const server = await listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const answered = new Promise<void>((resolve) => {
    setHandler(server, (_request, response) => {
      response.end(LONG);
      resolve();
    });
  });
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await answered;
  return { server, socket };
}

describe('a server that is told to stop', () => {
  verifies('drain.in-flight', 'sends the whole of an answer to a client that reads slowly', async () => {
    const { server, socket } = await slowReader();
    const drained = drain(server, { timeoutMs: 60_000 });
    await expect.poll(() => server.listening).toBe(false);
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    await once(socket.resume(), 'end');
    expect(received).toBeGreaterThan(LONG.length);
    await drained;
  });

  verifies('drain.in-flight', 'answers what was sent while its port was about to be closed', async () => {
    const server = await listen({ host: '127.0.0.1', port: 0 });
    setHandler(server, (_request, response) => response.end('served'));
    const { port } = server.address() as AddressInfo;
    // The system takes these connections, and the event loop comes to them after what is due already.
    const sockets = await new Promise<Socket[]>((resolve) => {
      setImmediate(() => {
        resolve([1, 2, 3].map(() => connect(port, '127.0.0.1')));
      });
      void drain(server, { timeoutMs: 60_000 });
    });
    const answers = sockets.map(async (socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'end');
      return text;
    });
    expect(await Promise.all(answers)).toEqual(Array(3).fill(expect.stringContaining('served')));
  });

  verifies('drain.deadline', 'cuts an answer that its client never reads', async () => {
    const { server, socket } = await slowReader();
    await drain(server, { timeoutMs: 100 });
    socket.destroy();
  });
});
