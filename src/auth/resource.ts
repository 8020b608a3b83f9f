import type { Request } from 'express';
import type { Config } from '../config/config.ts';
import { ownOrigin } from '../http/origin.ts';
import type { Audiences } from '../scalekit/tokens.ts';

/** The paths that serve MCP. Each is a protected resource of its own (RFC 9728). */
export const ENDPOINTS = ['/', '/mcp'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** Where RFC 9728 §3.1 puts the metadata of each endpoint: the well-known part comes before the path. */
export const METADATA_PATHS: Readonly<Record<Endpoint, string>> = {
  '/': '/.well-known/oauth-protected-resource',
  '/mcp': '/.well-known/oauth-protected-resource/mcp',
};

export interface ResourceOptions {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'expectedAudience' | 'metadataOverrides'>;
  readonly authorizationServers: readonly string[];
  /** As clients are to ask for them. */
  readonly scopes: readonly string[];
}

/** This server as an OAuth 2.0 protected resource: under which URLs, with which metadata, for which audience. */
export class ProtectedResource {
  readonly #options: ResourceOptions;
  /** Accepted values of the `aud` claim. */
  readonly audiences: Audiences;

  constructor(options: ResourceOptions) {
    this.#options = options;
    this.audiences = options.config.expectedAudience ?? ownUrls(options.config);
  }

  /** The RFC 9728 document of an endpoint, with the `resource` that the client connected to. */
  document(request: Request, endpoint: Endpoint): Record<string, unknown> {
    const { config, authorizationServers, scopes } = this.#options;
    return {
      resource: this.#origin(request) + endpoint,
      authorization_servers: authorizationServers,
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Scalekit MCP server',
      ...config.metadataOverrides,
    };
  }

  /** URL of the document above, for challenges. */
  metadataUrl(request: Request): string {
    const endpoint = request.path === '/mcp' ? '/mcp' : '/';
    return this.#origin(request) + METADATA_PATHS[endpoint];
  }

  /** Without a configured public URL, the allowed name that the client used: middleware has checked its Host. */
  #origin({ headers: { host = '' } }: Request): string {
    return ownOrigin(this.#options.config.publicUrl, host);
  }
}

const OWN_URL = /^http:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?(?:\/|\/mcp)?$/;

/**
 * Every URL that `document` can name. Without a public URL that is any port of an allowed name: clients do not always
 * see the one that this server listens on, and a token for the URL that they were told must be good here.
 */
function ownUrls({ publicUrl, allowedHosts }: ResourceOptions['config']): Audiences {
  if (publicUrl !== undefined) return [publicUrl, ...ENDPOINTS.map((endpoint) => publicUrl + endpoint)];
  const hosts = new Set(allowedHosts);
  return {
    includes: (audience) => {
      const host = OWN_URL.exec(audience)?.[1];
      return host !== undefined && hosts.has(host);
    },
  };
}
