import { ProtocolError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { expect } from 'vitest';
import { answerFailure } from '../../../src/bridge/answer-error.ts';
import { isOfNetwork } from '../../../src/bridge/failure.ts';
import { verifies } from '../../verifies.ts';

const server = new URL('https://mcp.example.com/mcp');
const over = (status: number, body: unknown) =>
  answerFailure(
    new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, 'refused', { status, text: JSON.stringify(body) }),
    server,
  );
const refusing = (data: unknown) => ({
  jsonrpc: '2.0',
  id: 4,
  error: { code: -32_003, message: 'It says why.', data },
});

verifies('hosted.refusal', 'the reason of a server is kept, with what helps to go on', () => {
  const data = { error: 'rate_limit_exceeded', error_description: 'Wait.', retryAfterMs: 3000 };
  expect(over(429, refusing(data))).toMatchObject({
    kind: 'unavailable',
    message: 'It says why.',
    refusal: { code: 'rate_limit_exceeded', facts: { retryAfterMs: 3000 } },
  });
  expect(over(403, refusing({ error: 'insufficient_scope' }))).toMatchObject({
    kind: 'denied',
    refusal: { code: 'insufficient_scope', facts: {} },
  });
  expect(answerFailure(new ProtocolError(-32_602, 'It is wrong.', { error: 'invalid_request' }), server)).toMatchObject(
    {
      kind: 'failed',
      refusal: { code: 'invalid_request' },
    },
  );
});

verifies.each('hosted.refusal', [
  undefined,
  null,
  'insufficient_scope',
  { error: 7 },
  { error: '' },
  { error: 'its_own_code' },
  { error: 'constructor' },
  { error: { code: 'insufficient_scope' } },
])('what another server says instead is no code: %o', (data) => {
  const failure = over(403, refusing(data));
  expect(failure).toMatchObject({ kind: 'denied', message: 'It says why.' });
  expect(failure?.refusal).toBeUndefined();
});

verifies('hosted.away', 'a defect is not taken for the network', async () => {
  const { fetch } = globalThis;
  const failed = await fetch('http://127.0.0.1:1/').catch((error: unknown) => error);
  expect(isOfNetwork(failed)).toBe(true);
  const defect = (() => {
    try {
      return (undefined as unknown as { member: string }).member;
    } catch (error) {
      return error;
    }
  })();
  expect(isOfNetwork(defect)).toBe(false);
  expect(answerFailure(defect, server)).toBeUndefined();
});
