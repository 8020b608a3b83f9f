import type { Api } from '../core/api.ts';
import type { Asked } from './came-true.ts';
import { type CommonChanges, configureConnection, type One, type Shown } from './configure-connection.ts';
import type { ConnectionTarget } from './connection-target.ts';
import { askedWord, askedWords, OIDC_SCOPES, TOKEN_AUTH_TYPES } from './enum-words.ts';
import { completeSettings, type OidcSettings } from './oidc-settings.ts';

/** The settings to change. What is left out stays as it is. */
interface Changes extends CommonChanges {
  readonly oidc_config: OidcSettings;
}

/**
 * Configures an OIDC connection, of the environment or of an organization.
 * @throws ToolError as `configureConnection` does
 */
export function configureOidcConnection(api: Api, target: ConnectionTarget, changes: Changes): Promise<One> {
  return configureConnection(api, target, changes, {
    type: 'OIDC',
    settingsFor: ({ oidc_config, configuration_type }) => ({
      ...completeSettings(changes.oidc_config, oidc_config ?? {}, configuration_type),
    }),
    asked: (before, shown) => asked(changes.oidc_config, before, shown),
  });
}

/** Every setting that a call named, beside what the API shows. It shows no secrets, so theirs cannot be compared. */
function asked(wanted: OidcSettings, before: Shown, shown: Shown): Readonly<Record<string, Asked>> {
  const { client_secret: _, scopes, token_auth_type, ...settings } = wanted;
  const config: Readonly<Record<string, unknown>> = shown.oidc_config ?? {};
  return {
    'oidc_config.scopes': scopesOf(scopes, before.oidc_config?.scopes, shown.oidc_config?.scopes),
    'oidc_config.token_auth_type': askedWord(TOKEN_AUTH_TYPES, token_auth_type, shown.oidc_config?.token_auth_type),
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`oidc_config.${name}`, { asked: value, shown: config[name] }]),
    ),
  };
}

/** The API may add scopes, openid above all, without which there is no OpenID Connect. It may not keep others. */
function scopesOf(
  wanted: readonly string[] | undefined,
  before: readonly string[] | null | undefined,
  now: readonly string[] | null | undefined,
): Asked {
  if (!wanted || !now) return { asked: wanted, shown: now };
  const { asked, shown } = askedWords(OIDC_SCOPES, wanted, now);
  const isKept = (scope: string) => scope !== 'openid' && before?.includes(scope);
  return { asked, shown: shown.filter((scope) => scope && (wanted.includes(scope) || isKept(scope))) };
}
