import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
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

  verifies('drain.deadline', 'cuts an answer that its client never reads', async () => {
    const { server, socket } = await slowReader();
    await drain(server, { timeoutMs: 100 });
    socket.destroy();
  });
});
