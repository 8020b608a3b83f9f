import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { AppConnection } from './entities/app-connection.ts';
import { path } from './path.ts';

const PAGE_SIZE = 30;
/** Far more connections than environments have. Beyond it the API itself refuses those that do not exist. */
const MAX_PAGES = 50;
/** How many names help, and do not fill the answer. */
const MAX_ALLOWED = 50;

const Page = z.object({ connections: z.array(AppConnection), next_page_token: z.string().nullish() });

/**
 * Checks that every name is that of an app connection, and names those that are not: the API would only say that
 * something was not found.
 * @throws ToolError `invalid_arguments`
 */
export async function requireConnections(api: Api, names: readonly string[]): Promise<void> {
  const known = new Set<string>();
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = checkAnswer(
      Page,
      await api.get(path`/connections/app`, { page_size: PAGE_SIZE, page_token: token }),
    );
    for (const { key_id } of answer.connections) if (key_id) known.add(key_id);
    if (names.every((name) => known.has(name))) return;
    if (!answer.next_page_token) throw unknownConnections(names, known);
    token = answer.next_page_token;
  }
}

function unknownConnections(names: readonly string[], known: ReadonlySet<string>): ToolError {
  const missing = names.filter((name) => !known.has(name));
  const message = `These connections do not exist, and nothing was changed: ${missing.join(', ')}`.slice(0, 1000);
  return new ToolError('invalid_arguments', message, {
    field: `connection_tool_mappings.${names.findIndex((name) => !known.has(name))}.connection_name`,
    allowed: [...known].slice(0, MAX_ALLOWED),
    nextTool: 'list_app_connections',
  });
}
