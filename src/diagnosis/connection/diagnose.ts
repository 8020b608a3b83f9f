import type { Api } from '../../core/api.ts';
import { isHealthy, sortOutcomes } from '../finding.ts';
import { checkOrganization } from './organization.ts';
import { type Named, readAll } from './read.ts';
import { checkSettings } from './settings.ts';
import { checkSignIns } from './sign-ins.ts';

/**
 * Finds out why people cannot sign in through an SSO connection, from its settings, those of its organization, and what
 * came of sign-ins (`readAll` says what is read). What cannot be read is named, and keeps nothing from being said of the rest.
 * @param now when certificates are looked at
 * @throws ToolError when the connection cannot be read, or is none that people sign in through
 */
export async function diagnoseConnection(api: Api, named: Named, now = new Date()) {
  const read = await readAll(api, named);
  const { connection, owner, missing } = read;
  // In the order in which they are the reason, among those that are equally grave.
  const outcomes = [...checkSettings(read, now), ...checkOrganization(read), ...checkSignIns(read)];
  return {
    connection: {
      id: connection.id,
      organization_id: owner,
      type: connection.type ?? undefined,
      provider: connection.provider ?? undefined,
      status: connection.status ?? undefined,
      enabled: connection.enabled ?? false,
      test_connection_uri: connection.test_connection_uri ?? undefined,
    },
    healthy: isHealthy(outcomes),
    ...sortOutcomes(outcomes),
    not_read: missing,
  };
}
