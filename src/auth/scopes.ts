import type { ScopeMap } from '../config/scopes.ts';
import { meaningOf, type Scope, type ScopeMeaning } from '../core/scope.ts';

/** All that a token grants on this server. Scopes that mean nothing here are kept in `raw` only. */
export interface Grant {
  /** As the token carries them, in its order. */
  readonly raw: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
  /** Tools named by `mcp:tools:<tool>`; `*` stands for all of them. */
  readonly tools: ReadonlySet<string>;
  /** What each entry of `raw` contributes, where it means anything here. */
  readonly sources: ReadonlyMap<string, readonly ScopeMeaning[]>;
}

const NO_MAP: ScopeMap = new Map();

/**
 * Reads scope strings: those of this server in all their forms (`meaningOf`), and those that the operator has mapped to
 * them. Each string is taken whole: a mapped scope says nothing about others that begin like it.
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
    sources,
  };
}

/** A tool that asks for a scope. */
export interface ScopedTool {
  readonly name: string;
  readonly scope: Scope;
}

/** Whether a grant covers a tool: by the scope that the tool declares, or by naming the tool. */
export function allows({ scopes, tools }: Grant, { name, scope }: ScopedTool): boolean {
  return scopes.has(scope) || tools.has(name) || tools.has('*');
}

/** The scopes of a token that let a call of the tool through, as the token carries them; none where none is needed. */
export function grantedBy(
  { sources }: Grant,
  { name, scope: needed }: { readonly name: string; readonly scope: Scope | null },
): string[] {
  if (needed === null) return [];
  const counts = ({ scopes, tool }: ScopeMeaning) => scopes.includes(needed) || tool === name || tool === '*';
  return [...sources].filter(([, meanings]) => meanings.some(counts)).map(([entry]) => entry);
}
