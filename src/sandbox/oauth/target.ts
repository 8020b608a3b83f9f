import { OAuthError } from './oauth-error.ts';

/** What a request may say of the server that its token shall be for. */
export interface TargetRequest {
  /** RFC 8707 §2; a list when it is repeated. */
  readonly resource?: unknown;
  /** Another word for `resource`, as some clients know only this one. */
  readonly audience?: unknown;
}

/** The names of one MCP server, as requests for tokens may have them. */
export interface Names {
  /** The name that the server itself publishes: what a request that names nothing is for. */
  readonly published: string;
  /**
   * The name by which a request means this server, as the request spells it; `undefined` when it names nothing.
   * @throws OAuthError `invalid_target` when it names anybody else as well
   */
  named(request: TargetRequest): string | undefined;
  /** Whether that is a name of this server. */
  includes(name: unknown): boolean;
}

/** A server without an address: any name is one of it, since tokens for it carry its id alone. */
export function anyName(published: string): Names {
  return { published, named: (request) => namesIn(request).find(isText), includes: isText };
}

const isText = (name: unknown): name is string => typeof name === 'string';

const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const ABSOLUTE_URI =
  /^(https?):\/\/([^/?#\\@]+)([^?#\\]*)(?:\?(?:[^#\\]*&)?(?:toolsets|tools|read_only|environment)=[^#\\]*)?$/i;
const DEFAULT_PORT: Readonly<Record<string, string>> = { http: ':80', https: ':443' };

/**
 * The names of a server with an address. A token for anybody else would be refused wherever it is shown, and its client
 * would authorize again for ever.
 */
export class Target implements Names {
  readonly published: string;
  readonly #origins: ReadonlySet<string>;
  readonly #paths: ReadonlySet<string>;

  /**
   * @param published URL of the server's MCP endpoint
   * @param hosts the server's other host names, without a port; unset: the names of this machine, if it is one of them
   */
  constructor(published: string, hosts?: readonly string[]) {
    const { protocol, hostname, host, pathname } = new URL(published);
    const port = host.slice(hostname.length);
    const others = hosts ?? (LOOPBACK_HOSTS.includes(hostname) ? LOOPBACK_HOSTS : []);
    this.published = published;
    this.#origins = new Set([hostname, ...others].map((name) => `${protocol}//${name.toLowerCase()}${port}`));
    this.#paths = new Set(['', '/', pathname, pathname.replace(/\/?$/, '/')]);
  }

  named(request: TargetRequest): string | undefined {
    const names = namesIn(request);
    if (!names.every((name) => this.includes(name))) {
      throw new OAuthError('invalid_target', `This authorization server issues tokens for ${this.published} only.`);
    }
    return names[0] as string | undefined;
  }

  /**
   * Case counts in its path only (RFC 3986 §6.2.2.1). A query may say which part of
   * the server a client sees.
   */
  includes(name: unknown): boolean {
    const [, scheme = '', authority = '', path = ''] = (typeof name === 'string' && ABSOLUTE_URI.exec(name)) || [];
    const usual = DEFAULT_PORT[scheme.toLowerCase()] ?? '';
    const host = authority.endsWith(usual) ? authority.slice(0, authority.length - usual.length) : authority;
    return this.#origins.has(`${scheme}://${host}`.toLowerCase()) && this.#paths.has(path);
  }
}

/** All that a request names. A parameter without a value counts as left out (RFC 6749 §3.1). */
export function namesIn({ resource, audience }: TargetRequest): unknown[] {
  return [resource, audience].flat().filter((name) => name !== undefined && name !== '');
}
