/** What tests may switch while a sandbox runs, where Scalekit is known to act in more than one way. */
export interface Settings {
  /**
   * What an empty text does in a PATCH whose query brings no mask of its own. `keep`: nothing, as Scalekit's SDK for Python
   * has seen it on a live environment for clients of resources, which is inferred for the rest. `clear`: it empties the
   * field, as a mask that names it does.
   */
  emptyTexts: 'keep' | 'clear';
  /**
   * Which `iss` the tokens for registered MCP servers have: the URL of the environment, which Scalekit's guides compare
   * with, or the authorization server of the MCP server, to which Scalekit is moving. Both occur.
   */
  tokenIssuer: 'environment' | 'resource';
}

/** What a sandbox begins with. */
export function usualSettings(): Settings {
  return { emptyTexts: 'clear', tokenIssuer: 'environment' };
}
