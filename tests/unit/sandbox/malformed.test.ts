import { expect, it } from 'vitest';
import { text } from '../../../src/sandbox/api/fields.ts';
import { decodeRequest } from '../../../src/sandbox/api/request.ts';

const decode = (body: string) =>
  decodeRequest({ id: text() }, '*', { body, query: new URLSearchParams(), path: new Map() });

it.each([
  ['lists', '[', ']', 'an array'],
  ['objects', '{"a":', '}', 'an object'],
])(
  'a value of %s in each other, 100,000 deep, is the client’s fault [sandbox.contract]',
  (_name, open, close, shown) => {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    const message = `proto: invalid value for field id: expected a string, got ${shown}`;
    expect(() => decode(`{"id":${deep}}`)).toThrow(expect.objectContaining({ name: 'ApiError', message }));
  },
);

it.each([
  ['7', '7'],
  ['true', 'true'],
  [`"${'x'.repeat(100)}"`, `"${'x'.repeat(59)}`],
])('a body that is %s is shown, up to a length [sandbox.contract]', (body, shown) => {
  const message = `proto: invalid value for field body: expected an object, got ${shown}`;
  expect(() => decode(body)).toThrow(expect.objectContaining({ message }));
});
