import { expect } from 'vitest';
import { message, of, struct, text } from '../../../src/sandbox/contract/notation.ts';
import { readRequest } from '../../../src/sandbox/contract/read.ts';
import { verifies } from '../../verifies.ts';

const Request = message('test.v1.Malformed', { id: text(), params: struct(), inner: of({ id: text() }) });

const decode = (body: unknown) =>
  readRequest(Request, { verb: 'POST', path: '/', body: '*' }, { body, query: new URLSearchParams(), path: new Map() });

function nested(open: string, close: string): unknown {
  return JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
}

verifies.each('sandbox.contract', [
  ['lists', nested('[', ']')],
  ['objects', nested('{"a":', '}')],
])('%s in each other, 100,000 deep, are the client’s fault', (_name, deep) => {
  for (const body of [{ id: deep }, { params: { deep } }, { inner: { id: deep } }, { inner: deep, id: 1 }]) {
    expect(() => decode(body)).toThrow(expect.objectContaining({ name: 'MalformedRequest' }));
  }
  expect(() => decode({ unknown: deep })).not.toThrow();
});

verifies.each('sandbox.contract', [
  [7, 'number'],
  [true, 'boolean'],
  ['x'.repeat(100), 'string'],
  [[], 'an array'],
])('a body that is %s is named, not shown', (body, named) => {
  expect(() => decode(body)).toThrow(expect.objectContaining({ message: `proto: syntax error: the body is ${named}` }));
});

verifies('sandbox.contract', 'a refusal shows a part of what was sent at most', () => {
  expect(() => decode({ id: ['x'.repeat(10_000)], inner: {} })).toThrow(/^.{1,300}$/);
});
