import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { drain, listen } from '../../src/http/listener.ts';

/** What the server answers to bytes that may be no request at all, until it closes the connection. */
async function answerTo(bytes: string, requestTimeoutMs = 5_000): Promise<string> {
  const server = await listen({ host: '127.0.0.1', port: 0, requestTimeoutMs });
  server.removeAllListeners('request').on('request', (request, response) => {
    request.on('end', () => response.end('served')).resume();
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += chunk;
  await drain(server);
  return text;
}

const HEAD = 'POST /mcp HTTP/1.1\r\nHost: x\r\n';

it('gives up on a request whose body does not arrive in time [wire.slow-body]', async () => {
  const answer = await answerTo(`${HEAD}Content-Length: 100\r\n\r\n{"jsonrpc":`, 200);
  expect(answer).toMatch(
    /^HTTP\/1\.1 408 Request Timeout\r\nContent-Type: application\/json\r\n[\s\S]*"error":"invalid_request"/,
  );
});

it('gives up on headers that do not arrive in time [wire.slow-body]', async () => {
  expect(await answerTo(HEAD, 200)).toMatch(/^HTTP\/1\.1 408 /);
});

it.each([
  ['is none', 'HELO example.com\r\n\r\n', 400],
  ['has headers beyond measure', `${HEAD}X: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
  ['smuggles a second one', `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
])('answers a request that %s in JSON [doors.errors]', async (_name, bytes, status) => {
  const answer = await answerTo(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"error":"invalid_request"`));
});

it('tells early requests to come back', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  await drain(server);
});
