import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './connection.ts';

/** An answer that is not the expected one. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
}

/** The members of an answer's body that scenarios check. */
interface Body {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly error?: { readonly code?: unknown; readonly data?: Record<string, unknown> };
  readonly result?: Record<string, unknown>;
}

export function expect(isSo: boolean, what: string, answer?: Answer): asserts isSo {
  if (isSo) return;
  throw new Wrong(answer === undefined ? what : `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
}

/** Checks that members of an object have exactly these values. */
export function expectMembers(actual: unknown, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (actual as Record<string, unknown> | undefined)?.[name];
    if (isDeepStrictEqual(found, value)) continue;
    throw new Wrong(`${name} is ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`);
  }
}

/** The result of the JSON-RPC request with this id. */
export function resultOf(answer: Answer, id: unknown): Record<string, unknown> {
  expect(answer.status === 200, 'not a 200', answer);
  expect(answer.headers['content-type'] === 'application/json', 'not JSON', answer);
  const body = bodyOf(answer);
  expect(body.jsonrpc === '2.0' && body.id === id, `not the answer to ${JSON.stringify(id)}`, answer);
  expect(body.result !== undefined, 'no result', answer);
  return body.result;
}

/** The data of a successful call; its text and its structured content must be the same. */
export function dataOf(answer: Answer, id: unknown): Record<string, unknown> {
  const result = resultOf(answer, id);
  expect(result['isError'] !== true, 'a failure', answer);
  const data = result['structuredContent'] as Record<string, unknown>;
  const [content] = result['content'] as { text: string }[];
  expect(content?.text === JSON.stringify(data), 'text and data differ', answer);
  return data;
}

/** The error of a failed call. */
export function failureOf(answer: Answer, id: unknown, code: string): Record<string, unknown> {
  const result = resultOf(answer, id);
  expect(result['isError'] === true && result['structuredContent'] === undefined, 'no failure', answer);
  const [content] = result['content'] as { text: string }[];
  // Behind the word with which it begins.
  const text = content?.text ?? '';
  const { error } = JSON.parse(text.slice(text.indexOf('{')) || '{}');
  expect(error?.code === code, `not ${code}`, answer);
  return error;
}

/** Checks a refusal by its status and by the word that OAuth has for it. */
export function expectRefusal(answer: Answer, status: number, code: string): void {
  expect(answer.status === status, `not a ${status}`, answer);
  const { error } = bodyOf(answer);
  expect(error?.data?.['error'] === code, `not ${code}`, answer);
}

/** Checks a JSON-RPC error. */
export function expectRpcError(answer: Answer, status: number, code: number, id: unknown): void {
  expect(answer.status === status, `not a ${status}`, answer);
  const { error, id: answered } = bodyOf(answer);
  expect(error?.code === code, `not ${code}`, answer);
  expect(answered === id, `not the answer to ${JSON.stringify(id)}`, answer);
}

function bodyOf(answer: Answer): Body {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw new Wrong(`no JSON: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
}
