import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireCameTrue } from './came-true.ts';
import { McpInstance } from './entities/mcp-instance.ts';
import { path } from './path.ts';

/** An instance with its URL, which is a secret. */
export const WithUrl = McpInstance.extend({ url: z.string().nullish() });

const Ensured = z.object({ instance: WithUrl });
const Page = z.object({ instances: z.array(z.looseObject({ id: z.string() })), next_page_token: z.string().nullish() });

const NAMED_OTHERWISE =
  'Scalekit did not give the new instance the name that was asked for: rename it in the dashboard if that matters.';

/** What is to be found or created: members of `scalekit.v1.mcp.EnsureMcpInstanceRequest`. */
interface Wanted extends Body {
  readonly config_name: string;
  readonly user_identifier: string;
  readonly name?: string | undefined;
}

/**
 * Finds or creates the instance of a user (`POST /mcp/instances`). Where a name for a new one is given, those of the user
 * are read before (`GET /mcp/instances`): an instance that exists keeps its own name, and a new one has to have this one.
 * @returns the instance, with a note when it is new and has another name; an error would lose its URL
 * @throws ToolError `not_applied` when it is an instance of another user or config
 */
export async function ensureMcpInstance(api: Api, wanted: Wanted) {
  const before = wanted.name === undefined ? undefined : await idsOfUser(api, wanted.user_identifier);
  const ensured = checkAnswer(Ensured, await api.post(path`/mcp/instances`, wanted), 'write');
  const { id, config, user_identifier, name } = ensured.instance;
  // The API finds configs by names in any case.
  const fields = {
    config_name: { asked: config?.name && wanted.config_name.toLowerCase(), shown: config?.name?.toLowerCase() },
    user_identifier: { asked: wanted.user_identifier, shown: user_identifier },
  };
  requireCameTrue(fields, 'list_mcp_instances');
  const isNamedOtherwise = before !== undefined && !before.includes(id) && name !== wanted.name;
  return { ...ensured, ...(isNamedOtherwise && { note: NAMED_OTHERWISE }) };
}

/** The instances of a user; `undefined` when there are more than one page of them. */
async function idsOfUser(api: Api, identifier: string): Promise<readonly string[] | undefined> {
  const query = { 'filter.user_identifier': identifier, page_size: 30 };
  const page = Page.safeParse(await api.get(path`/mcp/instances`, query)).data;
  return page === undefined || page.next_page_token ? undefined : page.instances.map(({ id }) => id);
}
