import { ToolError } from '../core/errors.ts';

/** How a call names a connected account: by its id, or by its user, with the connection where that is known. */
interface AccountSelector {
  readonly connectedAccountId?: string | undefined;
  readonly connector?: string | undefined;
  readonly identifier?: string | undefined;
}

const WAYS = 'connectedAccountId, or identifier with connector';

/**
 * Refuses to name an account in two ways. The API takes both and heeds the id, so that a call could act for another user
 * than the one whom it names.
 * @throws ToolError `invalid_arguments`
 */
export function refuseTwoAccounts({ connectedAccountId, connector, identifier }: AccountSelector): void {
  if (connectedAccountId === undefined || (connector ?? identifier) === undefined) return;
  throw new ToolError('invalid_arguments', `The account is named in two ways: give ${WAYS}, not both.`, {
    field: 'connectedAccountId',
  });
}

/**
 * Checks that a call names one account.
 * @param needsConnector whether the API does not find a user's account without the connection
 * @throws ToolError `invalid_arguments`
 */
export function requireOneAccount(selector: AccountSelector, needsConnector: boolean): void {
  refuseTwoAccounts(selector);
  const { connectedAccountId, connector, identifier } = selector;
  if (connectedAccountId !== undefined) return;
  if (identifier !== undefined && (connector !== undefined || !needsConnector)) return;
  const field = identifier !== undefined ? 'connector' : connector !== undefined ? 'identifier' : 'connectedAccountId';
  const nextTool = field === 'connector' ? 'list_app_connections' : 'list_connected_accounts';
  throw new ToolError('invalid_arguments', `${field}: is required. Name the account: ${WAYS}.`, { field, nextTool });
}
