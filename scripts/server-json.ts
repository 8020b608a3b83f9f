import { IDENTITY, REGISTERED_NAME, SHORT_DESCRIPTION } from '../src/core/identity.ts';

/** The format of the MCP registry's documents that this one has. */
const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** The address of whoever hosts this server, which clients fill in. */
const HOST = {
  host: {
    description: 'The host name of your own deployment of this server, such as mcp.example.com',
    format: 'string',
    isRequired: true,
  },
} as const;

/**
 * `server.json`, with which the MCP registry lists this server: the package that runs on one's own machine, and both
 * endpoints of a hosted one.
 */
export function serverJson(): string {
  const document = {
    $schema: SCHEMA,
    name: REGISTERED_NAME,
    title: IDENTITY.title,
    description: SHORT_DESCRIPTION,
    version: IDENTITY.version,
    websiteUrl: IDENTITY.websiteUrl,
    packages: [
      {
        registryType: 'npm',
        registryBaseUrl: 'https://registry.npmjs.org',
        identifier: IDENTITY.name,
        version: IDENTITY.version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        packageArguments: [{ type: 'positional', value: 'stdio' }],
        environmentVariables: [
          {
            name: 'SCALEKIT_ENV_URL',
            description: 'The URL of the Scalekit environment to manage; none: a sandbox with fictional data',
          },
          { name: 'SCALEKIT_CLIENT_ID', description: 'The API client of that environment' },
          { name: 'SCALEKIT_CLIENT_SECRET', description: 'The secret of that client', isSecret: true },
          { name: 'READ_ONLY', description: 'on: no tool that changes something' },
        ],
      },
    ],
    remotes: [
      { type: 'streamable-http', url: 'https://{host}/mcp', variables: HOST },
      { type: 'streamable-http', url: 'https://{host}/', variables: HOST },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
