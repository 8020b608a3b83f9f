import type { Request } from 'express';
import type { Config } from '../config/config.ts';
import { ownOrigin } from '../http/origin.ts';
import type { Audiences } from '../scalekit/tokens.ts';

/** The paths that serve MCP. Each is a separate protected resource (RFC 9728). */
export const ENDPOINTS = ['/', '/mcp'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** The path of each endpoint's metadata (RFC 9728 §3.1): the well-known part comes before the endpoint's path. */
export const METADATA_PATHS: Readonly<Record<Endpoint, string>> = {
  '/': '/.well-known/oauth-protected-resource',
  '/mcp': '/.well-known/oauth-protected-resource/mcp',
};

export interface ResourceOptions {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts' | 'expectedAudience' | 'metadataOverrides'>;
  readonly authorizationServers: readonly string[];
  /** `scopes_supported`, in the spelling in which clients are to ask for them. */
  readonly scopes: readonly string[];
}

/** This server as an OAuth 2.0 protected resource (RFC 9728): its URLs, its metadata, and the audiences it accepts. */
export class ProtectedResource {
  readonly #options: ResourceOptions;
  /** Accepted values of the `aud` claim. */
  readonly audiences: Audiences;

  constructor(options: ResourceOptions) {
    this.#options = options;
    this.audiences = options.config.expectedAudience ?? ownUrls(options.config);
  }

  /** The metadata document of an endpoint (RFC 9728 §2). Its `resource` is the URL that the client connected to. */
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

  /** The URL of that document for the endpoint that a request was sent to; challenges name it. */
  metadataUrl(request: Request): string {
    const endpoint = request.path === '/mcp' ? '/mcp' : '/';
    return this.#origin(request) + METADATA_PATHS[endpoint];
  }

  /** The public URL, or else the origin that the client used: middleware has checked that its Host is allowed. */
  #origin({ headers: { host = '' } }: Request): string {
    return ownOrigin(this.#options.config.publicUrl, host);
  }
}

const OWN_URL = /^http:\/\/(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?(?:\/|\/mcp)?$/;

/**
 * Every URL that `document` can return as `resource`; a token for any of them must be accepted. Without a public URL
 * these are the URLs of all allowed names with any port, because the port that clients see may differ from the one that
 * this server listens on.
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
