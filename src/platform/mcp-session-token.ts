import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireConnection } from './connection-names.ts';
import { ConnectedAccount } from './entities/connected-account.ts';
import { ConnectionAuthState, McpConfig } from './entities/mcp-config.ts';
import { path } from './path.ts';

const One = z.object({ config: McpConfig });
const OneAccount = z.object({ connected_account: ConnectedAccount.pick({ status: true }) });
const States = z.object({ connected_accounts: z.array(ConnectionAuthState) });

/** By how much the end of a token may differ from what was asked for: clocks differ, and answers take time. */
const TOLERANCE_MS = 5 * 60_000;

/** A new session token, as the API shows it. */
export const SessionToken = z.object({ token: z.string(), expires_at: z.string().nullish() });

/** What a token is to be: members of `scalekit.v1.mcp.CreateMcpSessionTokenRequest`. */
interface NewToken extends Body {
  readonly identifier: string;
  /** In seconds, such as `3600s`. */
  readonly expiry?: string | undefined;
}

const NO_URL =
  'This environment gives its MCP configs no server URL, so that there is no server yet at which the token is good.';

/**
 * Creates a session token for a user at the server of an MCP config (`GET /mcp/configs/{id}`, `POST …/tokens`).
 * @returns the token, with the URL for which it is good or why there is none
 * @throws ToolError which names the connections on which the user has no active account, where that is the reason
 */
export async function createSessionToken(api: Api, configId: string, wanted: NewToken) {
  // Read first, so that no token is lost when it cannot be read.
  const { config } = checkAnswer(One, await api.get(path`/mcp/configs/${configId}`));
  const answer = await api.post(path`/mcp/configs/${configId}/tokens`, wanted).catch(async (error: unknown) => {
    throw await withIdleConnections(api, configId, wanted.identifier, error);
  });
  const url = config.mcp_server_url;
  const token = checkAnswer(SessionToken, answer, 'write');
  return { ...token, ...(url && { mcp_server_url: url }), ...noteOf(endsOtherwise(token, wanted), !url && NO_URL) };
}

/**
 * Creates a session token for a user at the server of one connection (`GET /connections/app`,
 * `GET /connected_accounts/details`, `POST /mcp/connections/{name}/tokens`). Depending on the environment’s settings the API gives one
 * to a user without an active account as well, whose tools then do not work.
 * @returns the token, with the URL for which it is good, and how the account of the user stands
 */
export async function createConnectionToken(api: Api, connector: string, wanted: NewToken) {
  const { key_id, mcp_server_url: url } = await requireConnection(api, connector);
  const status = await accountStatus(api, key_id, wanted.identifier);
  const isActive = status?.toUpperCase() === 'ACTIVE';
  const answer = await api.post(path`/mcp/connections/${key_id}/tokens`, wanted).catch((error: unknown) => {
    throw isActive || !isRefusal(error) ? error : idleAccount(error);
  });
  const token = checkAnswer(SessionToken, answer, 'write');
  return {
    ...token,
    ...(url && { mcp_server_url: url }),
    connected_account_status: status ?? 'none',
    ...noteOf(endsOtherwise(token, wanted), !isActive && NOT_CONNECTED),
  };
}

const ENDS_OTHERWISE = 'Scalekit did not give the token the lifetime that was asked for: expires_at says when it ends.';

/** Says so where a token ends at another time than was asked for. An error would lose the token. */
function endsOtherwise({ expires_at: end }: z.output<typeof SessionToken>, { expiry }: NewToken): string | undefined {
  if (!end || expiry === undefined) return undefined;
  const difference = Date.parse(end) - (Date.now() + Number.parseInt(expiry, 10) * 1000);
  return Math.abs(difference) > TOLERANCE_MS ? ENDS_OTHERWISE : undefined;
}

/** What is to be said beside a token, in one text. */
function noteOf(...notes: readonly (string | false | undefined)[]): { readonly note?: string } {
  const said = notes.filter(Boolean);
  return said.length === 0 ? {} : { note: said.join(' ') };
}

const NOT_CONNECTED =
  'This user has no active account on the connection: tools answer “not connected” until they have opened a link of create_connected_account_magic_link.';

/** The status of a user’s account on a connection; `undefined` when there is none. */
async function accountStatus(api: Api, connector: string, identifier: string): Promise<string | undefined> {
  try {
    const answer = await api.get(path`/connected_accounts/details`, { connector, identifier });
    return checkAnswer(OneAccount, answer).connected_account.status ?? undefined;
  } catch (error) {
    if (error instanceof ToolError && error.code === 'not_found') return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): error is ToolError {
  return error instanceof ToolError && (error.code === 'invalid_request' || error.code === 'not_found');
}

function idleAccount({ recovery: { upstream }, cause }: ToolError): ToolError {
  const message =
    'The user has no active account on this connection. Let them authorize it, with a link of create_connected_account_magic_link, then repeat the call.';
  const nextTool = 'create_connected_account_magic_link';
  return new ToolError(
    'invalid_request',
    message,
    { field: 'user_identifier', nextTool, ...(upstream && { upstream }) },
    cause,
  );
}

/** A refusal, with the connections that the user has no active account on. Others stay as they are. */
async function withIdleConnections(api: Api, configId: string, identifier: string, error: unknown): Promise<unknown> {
  if (!(error instanceof ToolError) || error.code !== 'invalid_request') return error;
  const body = { identifier, include_auth_link: false };
  const states = await api.post(path`/mcp/configs/${configId}/connected_accounts`, body).catch(() => undefined);
  const idle = (States.safeParse(states).data?.connected_accounts ?? []).filter(
    ({ connected_account_status: status }) => status?.toUpperCase() !== 'ACTIVE',
  );
  if (idle.length === 0) return error;
  const violations = idle.map(({ connection_name: name, connected_account_status: status }) => ({
    field: name ?? '',
    description: `connected account: ${status || 'none'}`,
  }));
  const message =
    'The user lacks an active connected account on the connections that `upstream.violations` names. Let them authorize those, with links of list_mcp_config_connected_accounts, then repeat the call.';
  return new ToolError(
    'invalid_request',
    message,
    {
      field: 'user_identifier',
      nextTool: 'list_mcp_config_connected_accounts',
      upstream: { ...error.recovery.upstream, violations },
    },
    error.cause,
  );
}
