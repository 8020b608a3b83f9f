import type { DescMessage } from '@bufbuild/protobuf';
import { decode } from '../../src/sandbox/contract/decode.ts';
import { brokenRules } from '../../src/sandbox/contract/rules.ts';
import { assemble } from './assemble.ts';
import { finder } from './match.ts';
import { API_OPERATIONS, type ApiOperation, messageNamed } from './registry.ts';
import { isObject, shown, spellingProblems, unsetRequired } from './spelling.ts';

/** A request to the management API. */
export interface RequestFacts {
  readonly method: string;
  /** Path and query below `/api/v1`. */
  readonly url: string;
  /** The JSON value of the body; `undefined` when there is none. */
  readonly body?: unknown;
}

/** An answer of the management API to a request. */
export interface AnswerFacts {
  readonly method: string;
  /** Path and query of the request below `/api/v1`. */
  readonly url: string;
  readonly status: number;
  /** The JSON value of the body. */
  readonly body: unknown;
}

/** Every operation of the management API that is described. */
export const OPERATIONS: readonly ApiOperation[] = API_OPERATIONS;

const TYPE_URL = 'type.googleapis.com/';

const find = finder(OPERATIONS);

/**
 * What is wrong with a request, nothing when it is exactly what the API describes. The gateway forgives more: it
 * accepts camelCase and drops unknown fields in silence, and what it drops does not happen.
 */
export function requestProblems({ method, url, body }: RequestFacts): string[] {
  const { path, query } = split(url);
  const found = find(method, path);
  if ('problem' in found) return [found.problem];
  const { operation, segments } = found;
  const { request, problems } = assemble(operation, { segments, query, body });
  const desc = operation.method.input;
  return [...problems, ...spellingProblems(request, desc, 'request'), ...contentProblems(request, desc)];
}

/** Values of a wrong type, or else the rules that a message breaks. */
function contentProblems(request: unknown, desc: DescMessage): string[] {
  try {
    const broken = brokenRules(desc, decode(desc, request));
    const fields = new Set(broken.map(({ field }) => field));
    const unset = unsetRequired(request, desc).filter((path) => !fields.has(path));
    return [
      ...broken.map(({ field, forKey, description }) => `${field}: ${forKey ? 'its key ' : ''}${description}`),
      ...unset.map((path) => `${path}: is required`),
    ];
  } catch (malformed) {
    return [(malformed as Error).message];
  }
}

/** What is wrong with an answer: with the message of a 2xx one, or with the google.rpc.Status of any other. */
export function answerProblems({ method, url, status, body }: AnswerFacts): string[] {
  if (status < 200 || status > 299) return statusProblems(body);
  const found = find(method, split(url).path);
  if ('problem' in found) return [found.problem];
  return messageProblems(body, found.operation.method.output);
}

function messageProblems(value: unknown, desc: DescMessage, path = ''): string[] {
  if (!isObject(value)) return [`${path || 'the body'}: expected an object, got ${shown(value)}`];
  const problems = spellingProblems(value, desc, 'answer', path);
  try {
    decode(desc, value);
    return problems;
  } catch (malformed) {
    return [...problems, (malformed as Error).message];
  }
}

function split(url: string): { path: string; query: URLSearchParams } {
  const [path = '', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

function statusProblems(body: unknown): string[] {
  if (!isObject(body)) return [`the body: expected a google.rpc.Status, got ${shown(body)}`];
  const { code, message, details, ...others } = body;
  const problems = Object.keys(others).map((name) => `${name}: is not a field of google.rpc.Status`);
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 1 || code > 16) {
    problems.push(`code: expected the number of an error, got ${shown(code)}`);
  }
  if (typeof message !== 'string') problems.push(`message: expected a string, got ${shown(message)}`);
  if (!Array.isArray(details)) return [...problems, `details: expected an array, got ${shown(details)}`];
  return [...problems, ...details.flatMap((detail, index) => detailProblems(detail, `details[${index}]`))];
}

/** A detail is a message with its type beside its fields; types that the SDK does not know are let pass. */
function detailProblems(detail: unknown, path: string): string[] {
  if (!isObject(detail)) return [`${path}: expected an object, got ${shown(detail)}`];
  const { '@type': type, ...fields } = detail;
  if (typeof type !== 'string' || !type.startsWith(TYPE_URL)) {
    return [`${path}.@type: expected ${TYPE_URL}…, got ${shown(type)}`];
  }
  const message = messageNamed(type.slice(TYPE_URL.length));
  return message === undefined ? [] : messageProblems(fields, message, path);
}
