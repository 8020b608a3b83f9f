/** Words of names that are no plain words. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['api', 'API'],
  ['mcp', 'MCP'],
  ['oauth', 'OAuth'],
  ['oidc', 'OIDC'],
  ['uri', 'URI'],
  ['uris', 'URIs'],
]);

/** A name of the public contract in words: `list_mcp_servers` becomes `List MCP servers`. */
export function titleOf(name: string): string {
  const words = name.split('_').map((word) => SPELLINGS.get(word) ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
