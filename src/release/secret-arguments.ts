import { MAX_DEPTH, parseJson } from '../core/json.ts';
import { secrecyOf } from './secret-names.ts';

/** The values of arguments whose names mean a secret, also inside an argument that is JSON text. */
export function secretArguments(args: Readonly<Record<string, unknown>>): string[] {
  return [...secretsIn(args, false, 0)];
}

function* secretsIn(value: unknown, isSecret: boolean, depth: number): Iterable<string> {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    yield* isSecret ? [value] : secretsIn(jsonIn(value), false, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield* secretsIn(member, isSecret || secrecyOf(name) !== 'public', depth + 1);
    }
  }
}

function jsonIn(text: string): unknown {
  return /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
}
