import type { Request } from 'express';
import type { Config } from '../config/config.ts';
import { ALIAS, ENDPOINTS, type Endpoint, endpointAt } from '../core/endpoints.ts';
import { ownOrigin } from '../http/origin.ts';
import type { Audiences } from '../scalekit/token-rules.ts';
import { canonicalUrl } from './canonical-url.ts';

const METADATA = '/.well-known/oauth-protected-resource';

/** The paths of each endpoint's metadata (RFC 9728 §3.1): the well-known part comes before the endpoint's path. */
export const METADATA_PATHS: Readonly<Record<Endpoint, readonly [string, ...string[]]>> = {
  '/': [METADATA],
  '/mcp': [`${METADATA}/mcp`, METADATA + ALIAS],
};

/** Where clients of MCP 2025-03-26 look for the authorization server's own metadata (RFC 8414 §3.1). */
export const AUTHORIZATION_SERVER_PATHS: readonly string[] = ['', '/mcp', ALIAS].map(
  (path) => `/.well-known/oauth-authorization-server${path}`,
);

export interface ResourceOptions {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'expectedAudience' | 'metadataOverrides'>;
  /** The port that this server listens on. */
  readonly port: number;
  readonly authorizationServers: readonly string[];
  /** `scopes_supported` for what a request asks to see, in the spelling in which clients are to ask for them. */
  readonly scopesOf: (request: Request) => readonly string[];
  /** The query of a request that asks for a part of what there is, with its question mark; otherwise empty. */
  readonly queryOf: (request: Pick<Request, 'url'>) => string;
}

/** This server as an OAuth 2.0 protected resource (RFC 9728): its URLs, its metadata, and the audiences it accepts. */
export class ProtectedResource {
  readonly #options: ResourceOptions;
  /** Accepted values of the `aud` claim. */
  readonly audiences: Audiences;

  constructor(options: ResourceOptions) {
    this.#options = options;
    this.audiences = spelledInAnyWay(options.config.expectedAudience ?? ownUrls(options), options.queryOf);
  }

  /**
   * The metadata document of an endpoint (RFC 9728 §2). Its `resource` is the URL that the client connected to, with the
   * query that says what it asks to see, without the slash that it may have typed behind `/mcp`.
   */
  document(request: Request, endpoint: Endpoint): Record<string, unknown> {
    const { config, authorizationServers, scopesOf, queryOf } = this.#options;
    return {
      resource: this.#origin(request) + endpoint + queryOf(request),
      authorization_servers: authorizationServers,
      scopes_supported: scopesOf(request),
      bearer_methods_supported: ['header'],
      resource_name: 'Scalekit MCP server',
      ...config.metadataOverrides,
    };
  }

  /** The URL of that document for the endpoint that a request was sent to; challenges name it. */
  metadataUrl(request: Request): string {
    return this.#origin(request) + METADATA_PATHS[endpointAt(request.path) ?? '/'][0] + this.#options.queryOf(request);
  }

  /** The public URL, or else the origin that the client used: middleware has checked that its Host is allowed. */
  #origin({ headers: { host = '' } }: Request): string {
    return ownOrigin(this.#options.config.publicUrl, host);
  }
}

/**
 * The URLs of this server: those below the public URL, or else those of all allowed names at the port that it listens on.
 * Other ports of the same names are other programs, which could use here what clients send to them.
 */
function ownUrls({ config: { publicUrl, allowedHosts }, port }: ResourceOptions): string[] {
  const origins = publicUrl === undefined ? allowedHosts.map((host) => `http://${host}:${port}`) : [publicUrl];
  return origins.flatMap((origin) => [origin, ...ENDPOINTS.map((endpoint) => origin + endpoint)]);
}

/**
 * Accepts the given audiences; URLs among them in any spelling (MCP 2025-11-25, Canonical Server URI), also those that ask
 * for a part of what there is: a client uses the URL that it was given.
 */
function spelledInAnyWay(accepted: readonly string[], queryOf: ResourceOptions['queryOf']): Audiences {
  const names = new Set(accepted.map(nameOf));
  const withoutQuery = (audience: string) => audience.slice(0, audience.length - queryOf({ url: audience }).length);
  return { includes: (audience) => names.has(nameOf(withoutQuery(audience))), accepted };
}

/** An audience in one spelling. The URL of the alias is that of its endpoint, whose tokens clients then ask for. */
function nameOf(audience: string): string {
  const url = canonicalUrl(audience);
  return /^https?:\/\/[^/?#]+\/mcp\/$/.test(url) ? url.slice(0, -1) : url;
}
