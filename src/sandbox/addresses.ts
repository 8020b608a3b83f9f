/** Where the parts of one sandbox are found. */
export interface Addresses {
  /** The environment; also the issuer of its own tokens. */
  readonly url: string;
  /** Id of the MCP server as Scalekit knows it. */
  readonly serverId: string;
  /** The authorization server of that MCP server. */
  readonly issuer: string;
  readonly keys: string;
  /** The authorization server of the MCP server with that id. */
  issuerOf(serverId: string): string;
  /** Where clients register themselves for it. */
  registrationAt(serverId: string): string;
}

/** Fixed, so that a client that registered yesterday finds the same authorization server today. */
const SERVER_ID = 'res_71204418093058001';

/** The addresses of a sandbox that listens on the port. */
export function addressesAt(port: number): Addresses {
  const url = `http://localhost:${port}`;
  const issuerOf = (serverId: string) => `${url}/resources/${serverId}`;
  return {
    url,
    serverId: SERVER_ID,
    issuer: issuerOf(SERVER_ID),
    keys: `${url}/keys`,
    issuerOf,
    registrationAt: (serverId) => `${url}/api/v1/resources/${serverId}/clients:register`,
  };
}
