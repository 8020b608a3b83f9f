import { describe, expect, it } from 'vitest';
import {
  allReasons,
  methodName,
  needsNoReading,
  newerFields,
  whyUnplayed,
} from '../../src/sandbox/gateway/unplayed.ts';
import { OPERATIONS } from '../../src/sandbox/operations/index.ts';
import { verifies } from '../verifies.ts';
import { isText, type Leaf, SAMPLE, settableLeaves, tryField } from './heeded.ts';
import { CHANGES_THE_FORM, SHOWN_ELSEWHERE } from './requests.ts';

/** Each operation of the sandbox, with the fields of its request that it is to heed. */
const operations = OPERATIONS.map((operation) => {
  const { method, verb, path } = operation;
  const heeds = ({ path: field }: Leaf) => whyUnplayed(method, field) === undefined && !needsNoReading(method, field);
  return [`${methodName(method)} (${verb} ${path})`, operation, settableLeaves(operation).filter(heeds)] as const;
});

const lists = operations.filter(([, { verb }]) => verb === 'GET');

describe('every field of a request that the sandbox serves', () => {
  verifies.each('sandbox.heeds', operations)(
    '%s is read, or stands among what is not played',
    (name, operation, fields) => {
      const missed = fields.flatMap(({ path }) => {
        const { read, refusal } = tryField(operation, path);
        const hint = refusal && ` Refused before: "${refusal}"; tests/contract/requests.ts may help it on.`;
        return read
          ? []
          : [`${name} does not read ${path}: let it, or say why not in gateway/unplayed.ts.${hint ?? ''}`];
      });
      expect(missed).toEqual([]);
    },
  );

  verifies.each('sandbox.heeds', lists)('%s narrows: what fits nothing yields nothing', (name, operation, fields) => {
    const narrowing = fields.filter(({ path, field }) => {
      const isGiven = operation.path.includes(`{${path}}`);
      return (isText(field) || path.endsWith('_names')) && !isGiven && !CHANGES_THE_FORM.includes(path);
    });
    const whole = narrowing.flatMap(({ path }) => {
      const { answer = {} } = tryField(operation, path);
      const entries = Object.values(answer).filter(Array.isArray).flat();
      return entries.length === 0 ? [] : [`${name}: ${path} narrows nothing`];
    });
    expect(whole).toEqual([]);
  });

  verifies.each('sandbox.heeds', operations)('%s shows the texts that it was sent', (name, operation, fields) => {
    const { method, body = '' } = operation;
    const isShown = method.output.fields.some((field) => field.name === body && field.fieldKind === 'message');
    const own = SHOWN_ELSEWHERE[methodName(method)] ?? {};
    const sent = fields.filter(({ path, field }) => path.startsWith(`${body}.`) && isText(field) && !(path in own));
    const lost = (isShown ? sent : []).flatMap(({ path }) => {
      const { answer, refusal } = tryField(operation, path);
      return refusal !== undefined || textAt(answer, path) === SAMPLE ? [] : [`${name}: ${path} is not shown`];
    });
    expect(lost).toEqual([]);
  });
});

it('keeps no reason for a field that there is not, or that is played by now', () => {
  const stale = allReasons().filter(({ method, path }) => {
    const own = OPERATIONS.filter((operation) => methodName(operation.method) === method);
    return !own.some((operation) =>
      settableLeaves(operation).some((leaf) => isWithin(leaf.path, path) && !tryField(operation, leaf.path).read),
    );
  });
  expect(stale).toEqual([]);
});

verifies('sandbox.heeds', 'keeps no field as newer that the descriptors have by now, nor one of no operation', () => {
  const stale = newerFields().filter(({ method, path }) => {
    const own = OPERATIONS.filter((operation) => methodName(operation.method) === method);
    return (
      own.length === 0 || own.some((operation) => settableLeaves(operation).some((leaf) => isWithin(leaf.path, path)))
    );
  });
  expect(stale).toEqual([]);
});

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`);
}

/** The value at a path in an answer, in the first entry of each list on the way. */
function textAt(answer: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, name) => {
    const [first] = [value].flat();
    return (first as Readonly<Record<string, unknown>> | undefined)?.[name];
  }, answer);
}
