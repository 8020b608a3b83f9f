import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { Connection } from './entities/connection.ts';
import { completeSettings, type OidcSettings } from './oidc-settings.ts';
import { path } from './path.ts';

const One = z.object({ connection: Connection });

/** The settings to change. What is left out stays as it is. */
interface Changes {
  readonly key_id?: string | undefined;
  readonly provider?: string | undefined;
  readonly oidc_config: OidcSettings;
}

/**
 * Configures an OIDC connection. An update has to contain everything that is to stay, so the connection is read first
 * and then written as a whole (`GET` and `PATCH /connections/{id}`).
 * @returns the API's answer, unchecked
 * @throws ToolError `invalid_arguments` for a connection of another type, or when settings are missing
 */
export async function configureOidcConnection(api: Api, id: string, changes: Changes): Promise<unknown> {
  const { connection: current } = checkAnswer(One, await api.get(path`/connections/${id}`));
  refuseOtherTypes(current.type);
  const settings = completeSettings(changes.oidc_config, current.oidc_config ?? {}, current.configuration_type);
  return api.patch(path`/connections/${id}`, {
    type: 'OIDC',
    key_id: changes.key_id || undefined,
    // If an update leaves these out, the API clears them.
    provider: (changes.provider ?? current.provider) || undefined,
    provider_key: current.provider_key || undefined,
    attribute_mapping: current.attribute_mapping ?? undefined,
    ...settings,
  });
}

function refuseOtherTypes(type: string | null | undefined): void {
  if (type === 'OIDC') return;
  throw new ToolError(
    'invalid_arguments',
    'This connection is not an OIDC one. Take the id of one whose type is OIDC, or create one.',
    { field: 'connectionId', nextTool: 'list_environment_connections' },
  );
}
