/** Where the parts of one sandbox are found. */
export interface Addresses {
  /** The environment; also the issuer of its own tokens. */
  readonly url: string;
  /** Id of the MCP server as Scalekit knows it. */
  readonly serverId: string;
  /** The authorization server of that MCP server. */
  readonly issuer: string;
  readonly keys: string;
  readonly registration: string;
}

/** Fixed, so that a client that registered yesterday finds the same authorization server today. */
const SERVER_ID = 'res_71204418093058001';

/** The addresses of a sandbox that listens on the port. */
export function addressesAt(port: number): Addresses {
  const url = `http://localhost:${port}`;
  return {
    url,
    serverId: SERVER_ID,
    issuer: `${url}/resources/${SERVER_ID}`,
    keys: `${url}/keys`,
    registration: `${url}/api/v1/resources/${SERVER_ID}/clients:register`,
  };
}
