import { readFileSync } from 'node:fs';

/** How many tool calls of a person the ledger has. */
export function callsOf(ledger: string, subject: string): number {
  return readFileSync(ledger, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"mcp_tool_access"'))
    .filter((line) => (JSON.parse(line) as { user_id?: string }).user_id === subject).length;
}
