/** The spelling of words in names that are not written in lower case. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['api', 'API'],
  ['mcp', 'MCP'],
  ['oauth', 'OAuth'],
  ['oidc', 'OIDC'],
  ['uri', 'URI'],
  ['uris', 'URIs'],
]);

/** The title for the name of a tool or toolset: `list_mcp_servers` becomes `List MCP servers`. */
export function titleOf(name: string): string {
  const words = name.split('_').map((word) => SPELLINGS.get(word) ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
