import { expect } from 'vitest';
import { eachBounded } from '../../../src/outgoing/hosted-fetch.ts';
import { verifies } from '../../verifies.ts';

const MEBIBYTE = 1024 * 1024;

verifies.each('hosted.bounds', [
  ['in one piece', Buffer.from(`${'x'.repeat(MEBIBYTE)}\n\n`)],
  ['in two pieces', Buffer.from(`\n${'x'.repeat(MEBIBYTE)}\n`)],
  ['in two pieces, with returns', Buffer.from(`\r\n${'x'.repeat(MEBIBYTE)}\r\n`)],
])('a stream goes on for as many messages as it has, where blank lines come %s', async (_, piece) => {
  let left = 65;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- === 0 ? controller.close() : controller.enqueue(piece)),
  });
  const answer = eachBounded(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  const { byteLength } = await answer.arrayBuffer();
  expect(byteLength).toBe(65 * piece.byteLength);
});
