import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { BodyRefused, readText } from '../../src/http/body.ts';
import { listening } from '../fixtures/listening.ts';
import { verifies } from '../verifies.ts';

/** What reading yields for bytes that arrive in these pieces, the connection left open or ended after them. */
async function read(pieces: readonly string[], end: boolean) {
  const outcome = deferred<string | BodyRefused>();
  const server = await listening((request, response) => {
    readText(request, 100, () => undefined)
      .then(({ text }) => text)
      .then(outcome.resolve, outcome.resolve)
      .finally(() => response.end());
  });
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (const piece of pieces) socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
  if (end) socket.write('0\r\n\r\n');
  else if (pieces.at(-1) === 'cut') socket.destroy();
  const result = await outcome.promise;
  socket.destroy();
  await server.close();
  return result instanceof BodyRefused ? result.status : result;
}

it('puts a body together from its pieces, multi-byte characters included', async () => {
  expect(await read(['{"a":"', 'é', '"}'], true)).toBe('{"a":"é"}');
  expect(await read([], true)).toBe('');
});

verifies('wire.too-large', 'gives up on a body that grows too large, or whose client goes away', async () => {
  expect(await read(['x'.repeat(60), 'y'.repeat(60)], false)).toBe(413);
  expect(await read(['{"a":', 'cut'], false)).toBe(400);
});

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
