import type { Request as HttpRequest } from 'express';
import { expect } from 'vitest';
import type { Era } from '../../../../src/core/message.ts';
import { webRequest } from '../../../../src/mcp/protocol/web-request.ts';
import { verifies } from '../../../verifies.ts';

const made = (headers: Record<string, string>, era: Era = 'modern', method = 'tools/call') =>
  webRequest({ headers } as unknown as HttpRequest, era, { method });

verifies('api.credentials', 'hands on the headers of the protocol and no other: the token stays here', () => {
  const { headers } = made({ accept: 'a/b', 'mcp-name': 'whoami', authorization: 'Bearer secret', cookie: 'c' });
  expect([...headers]).toEqual([
    ['accept', 'a/b'],
    ['mcp-name', 'whoami'],
  ]);
});

verifies('api.credentials', 'hands on what the older era reads, where `initialize` reads no version', () => {
  const headers = { accept: '*/*', 'mcp-protocol-version': '1999-01-01', 'mcp-name': 'whoami', authorization: 'x' };
  const accept = ['accept', 'application/json, text/event-stream'];
  expect([...made(headers, 'legacy').headers]).toEqual([accept, ['mcp-protocol-version', '1999-01-01']]);
  expect([...made(headers, 'legacy', 'initialize').headers]).toEqual([accept]);
});

verifies('wire.isolation', 'makes one object for all requests with the same headers', () => {
  expect(made({ accept: 'a' })).toBe(made({ accept: 'a', authorization: 'Bearer other' }));
  expect(made({ accept: 'a' })).not.toBe(made({ accept: 'b' }));
  expect(made({ accept: 'a' })).not.toBe(made({ 'content-type': 'a' }));
});

verifies('wire.isolation', 'keeps a bounded number of them, and none that is long', () => {
  const first = made({ 'mcp-name': 'the-first' });
  for (let i = 0; i < 400; i++) made({ 'mcp-name': `tool-${i}` });
  expect(made({ 'mcp-name': 'the-first' })).toBe(first);
  for (let i = 400; i < 900; i++) made({ 'mcp-name': `tool-${i}` });
  expect(made({ 'mcp-name': 'the-first' })).not.toBe(first);

  const long = { 'mcp-name': 'x'.repeat(300) };
  expect(made(long)).not.toBe(made(long));
});
