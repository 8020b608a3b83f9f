import type { Place } from './machine.ts';

/** For all projects of a person; for one project and everybody who works on it; or for a person in one project alone. */
export const SCOPES = ['user', 'project', 'local'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a server may be called in a client. */
export const SERVER_NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/i;

/** A hosted server under the name that it has in a client. */
export interface Server {
  readonly name: string;
  readonly url: string;
}

/** A program that a client starts, and that speaks MCP over stdin and stdout. */
export interface LocalServer {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
}

/** The command line of a client, as far as it keeps its own settings. Arguments are lists: no shell reads them. */
export interface OwnCommand {
  readonly program: string;
  /** Scopes for which it is used; for the others, the file is edited. */
  readonly scopes: readonly Scope[];
  /** @param scope left out: what people type who need not say it */
  readonly add: (server: Server, scope?: Scope) => readonly string[];
  /** Unset: the file is edited. */
  readonly addLocal?: (server: LocalServer, scope: Scope) => readonly string[];
  /** Unset: the file is edited. */
  readonly remove?: (name: string, scope: Scope) => readonly string[];
}

export type Json = Readonly<Record<string, unknown>>;

/** Where a client keeps the servers that it connects to, and in what form. */
export interface Setup {
  readonly format: 'json' | 'toml' | 'yaml';
  /** The member of the file that holds an entry for each server, by name; further down, the members that lead to it. */
  readonly member: string | readonly [string, ...string[]];
  /** The first that is there is meant, else the first. */
  readonly files: { readonly user?: readonly Place[]; readonly project?: readonly string[] };
  /**
   * For the scope `local`: the member of the person's file that holds a member for each folder of a project, in which the
   * servers are as at the top of the file.
   */
  readonly localMember?: string;
  /** Folders and files that are there when the client is. */
  readonly marks: readonly Place[];
  readonly command?: OwnCommand;
  /** The entry for a hosted server. Unset: the client starts programs alone. */
  readonly remote?: (server: Server) => Json;
  /** The entry for a program. Unset: the client takes hosted servers alone, or the form is not known. */
  readonly local?: (server: LocalServer) => Json;
  /** Members under which this client accepts the URL as well, beside the one that `remote` has. */
  readonly alsoUrl?: readonly string[];
}
