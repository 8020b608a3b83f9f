import type { ScopeMap } from '../config/scopes.ts';
import { meaningOf, type Scope, type ScopeMeaning } from '../core/scope.ts';
import type { Tool } from '../core/tool.ts';

/** Everything that a token grants on this server. Scopes that have no meaning here are kept in `raw` only. */
export interface Grant {
  /** The scopes of the token, unchanged and in its order. */
  readonly raw: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
  /** Tools that scopes of the form `mcp:tools:<tool>` name; `*` stands for all tools. */
  readonly tools: ReadonlySet<string>;
  /** Whether the scope `mcp:resources:*` is among them, with which all resources can be read. */
  readonly resources: boolean;
  /** What each entry of `raw` grants; entries without a meaning here are left out. */
  readonly sources: ReadonlyMap<string, readonly ScopeMeaning[]>;
}

const NO_MAP: ScopeMap = new Map();

/**
 * Reads scope strings: the scopes of this server in all their forms (see `meaningOf`), and those that the operator has
 * mapped to them. A mapped scope must match as a whole; it is not a prefix.
 */
export function parseGrant(raw: readonly string[], map: ScopeMap = NO_MAP): Grant {
  const sources = new Map<string, readonly ScopeMeaning[]>();
  for (const entry of raw) {
    const meanings = [entry, ...(map.get(entry) ?? [])].map(meaningOf).filter((meaning) => meaning !== undefined);
    if (meanings.length > 0) sources.set(entry, meanings);
  }
  const all = [...sources.values()].flat();
  return {
    raw,
    scopes: new Set(all.flatMap(({ scopes }) => scopes)),
    tools: new Set(all.flatMap(({ tool }) => tool ?? [])),
    resources: all.some(({ resources }) => resources === true),
    sources,
  };
}

/** A tool that needs a scope, or a resource that it reads. */
export interface ScopedTool {
  readonly name: string;
  readonly scope: Scope;
  /**
   * Whether an argument makes this call do more than the tool otherwise does. Who was granted the tool by its name was
   * granted what its description in a consent page says, not more; `mcp:tools:*` covers it, as it covers the tools that
   * do the same.
   */
  readonly isElevated: boolean;
  /** Whether a resource is read. Who was granted tools by their names was granted no resources. */
  readonly isResource?: boolean;
}

/**
 * All that a call needs: one scope, and further ones where the tool says so; nothing where any token is enough.
 * @param scope the one of this call, which may be another than the tool usually needs
 * @param isResource whether it is what reads a resource, or completes a value
 */
export function neededBy(
  { name, scope: usual, alsoNeeds = [] }: Pick<Tool, 'name' | 'scope' | 'alsoNeeds'>,
  scope: Scope | null = usual,
  isResource = false,
): readonly ScopedTool[] {
  if (scope === null) return [];
  const isElevated = scope !== usual;
  return [scope, ...alsoNeeds].map((each) => ({ name, scope: each, isElevated, ...(isResource && { isResource }) }));
}

/** Whether a grant allows a call: it has the scope that the call needs, or it names the tool; or all resources for one. */
export function allows(
  { scopes, tools, resources }: Grant,
  { name, scope, isElevated, isResource }: ScopedTool,
): boolean {
  if (isResource === true) return scopes.has(scope) || resources;
  return scopes.has(scope) || tools.has('*') || (!isElevated && tools.has(name));
}

/** The scopes of a token, as it spells them, that allow a call of the tool. */
export function grantedBy({ sources }: Grant, needed: readonly ScopedTool[]): string[] {
  const counts = ({ scopes, tool, resources }: ScopeMeaning) =>
    needed.some(({ name, scope, isElevated, isResource }) => {
      if (scopes.includes(scope)) return true;
      return isResource === true ? resources === true : tool === '*' || (!isElevated && tool === name);
    });
  return [...sources].filter(([, meanings]) => meanings.some(counts)).map(([entry]) => entry);
}
