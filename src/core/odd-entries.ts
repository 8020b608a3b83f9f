import { isObject } from './json.ts';

/** Where something is in an answer: names of members, and indexes of entries. */
type Path = readonly PropertyKey[];

/** The entries that cannot be read, by the way to them. */
type Branch = Map<PropertyKey, Branch | Odd>;

/** An entry that cannot be read: an object, or a text in a list of texts. */
type Odd = 'object' | 'string';

/** What stands for a text that could not be read, in a list of texts. */
const UNREADABLE = '(unreadable)';

/** An answer without the entries that cannot be read. */
export interface SetAside {
  readonly rest: unknown;
  /** The ways to the entries, as texts such as `tools.1`. */
  readonly paths: readonly string[];
  /** How many entries of each list of the answer itself are among them, by the name of its member. */
  readonly ofLists: ReadonlyMap<string, number>;
  /** Puts `{ id, unreadable: true }` in the place of each entry, without the id if that cannot be read either. */
  putBack(parsed: unknown): unknown;
}

/**
 * Sets the entries aside that a schema finds wrong, so that one of them does not hide the others: of each list, at any
 * depth, the entries that hold something wrong and nothing of which is a smaller entry. Linear in the answer.
 * @param issues what is wrong, as the schema says it
 * @returns undefined when something is wrong outside of all entries
 */
export function setOddEntriesAside(
  answer: unknown,
  issues: readonly { readonly path: Path; readonly expected?: unknown }[],
): SetAside | undefined {
  const root: Branch = new Map();
  for (const { path, expected } of issues) {
    const entry = innermostEntry(answer, path, expected);
    if (entry === undefined) return undefined;
    mark(root, path.slice(0, entry.length), entry.odd);
  }
  return {
    rest: without(answer, root),
    paths: pathsIn(root),
    ofLists: countsIn(root),
    putBack: (parsed) => withMarks(parsed, answer, root),
  };
}

/** How much of a path leads to the innermost entry that is an object or a text, or should be one. */
function innermostEntry(answer: unknown, path: Path, expected: unknown): { length: number; odd: Odd } | undefined {
  let found: { length: number; odd: Odd } | undefined;
  let value = answer;
  for (const [depth, name] of path.entries()) {
    const isEntry = Array.isArray(value);
    value = (value as Record<PropertyKey, unknown> | undefined)?.[name];
    const wanted = depth === path.length - 1 && (expected === 'object' || expected === 'string') ? expected : undefined;
    if (isEntry && (wanted !== undefined || isObject(value))) found = { length: depth + 1, odd: wanted ?? 'object' };
  }
  return found;
}

/** Marks the entry at a path as odd. What was marked inside of it does not count any more. */
function mark(root: Branch, path: Path, odd: Odd): void {
  let branch = root;
  for (const [depth, name] of path.entries()) {
    const next = branch.get(name);
    if (isOdd(next)) return;
    if (depth === path.length - 1) {
      branch.set(name, odd);
      return;
    }
    const inner: Branch = next ?? new Map();
    branch.set(name, inner);
    branch = inner;
  }
}

function isOdd(branch: Branch | Odd | undefined): branch is Odd {
  return typeof branch === 'string';
}

function without(value: unknown, branch: Branch): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((entry, i) => {
      const inner = branch.get(i);
      if (isOdd(inner)) return [];
      return [inner === undefined ? entry : without(entry, inner)];
    });
  }
  const changed = [...branch].map(([name, inner]) => {
    const member = (value as Record<PropertyKey, unknown>)[name];
    return [name, isOdd(inner) ? member : without(member, inner)] as const;
  });
  return { ...(value as object), ...Object.fromEntries(changed) };
}

function withMarks(parsed: unknown, original: unknown, branch: Branch): unknown {
  if (Array.isArray(original)) {
    let next = 0;
    return original.map((entry, i) => {
      const inner = branch.get(i);
      if (isOdd(inner)) return inner === 'string' ? UNREADABLE : markOf(entry);
      const read = (parsed as readonly unknown[])[next++];
      return inner === undefined ? read : withMarks(read, entry, inner);
    });
  }
  const changed = [...branch].map(([name, inner]) => {
    const [read, member] = [parsed, original].map((object) => (object as Record<PropertyKey, unknown>)[name]);
    return [name, isOdd(inner) ? read : withMarks(read, member, inner)] as const;
  });
  return { ...(parsed as object), ...Object.fromEntries(changed) };
}

/** What stands for an entry that could not be read. */
function markOf(entry: unknown): Readonly<Record<string, unknown>> {
  const id = isObject(entry) ? entry['id'] : undefined;
  return { ...(typeof id === 'string' && { id }), unreadable: true };
}

function pathsIn(branch: Branch, before = ''): string[] {
  return [...branch].flatMap(([name, inner]) => {
    const path = `${before}${String(name)}`;
    return isOdd(inner) ? [path] : pathsIn(inner, `${path}.`);
  });
}

function countsIn(root: Branch): ReadonlyMap<string, number> {
  const counts = [...root].map(([name, inner]) => {
    return [String(name), isOdd(inner) ? 0 : [...inner.values()].filter(isOdd).length] as const;
  });
  return new Map(counts);
}
