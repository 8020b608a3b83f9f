import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { type Asked, isUntold, notCameTrue, requireCameTrue } from './came-true.ts';
import {
  type ConnectionTarget,
  explained,
  listOf,
  ofOrganization,
  pathOf,
  refuseOtherTypes,
} from './connection-target.ts';
import { SamlConfig, SsoConnection } from './entities/connection.ts';
import {
  askedWord,
  CONFIGURATION_TYPES,
  CONNECTION_TYPES,
  NAME_ID_FORMATS,
  OIDC_SCOPES,
  PROVIDERS,
  REQUEST_BINDINGS,
  SAML_SIGNING_OPTIONS,
  TOKEN_AUTH_TYPES,
  wordOf,
} from './enum-words.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';

/** A certificate as it is compared. Results do not show its text. */
const Certificates = z.array(z.object({ certificate: z.string().nullish() }).loose());
const One = z.object({
  connection: SsoConnection.extend({
    saml_config: SamlConfig.extend({ idp_certificates: Certificates.nullish() }).nullish(),
  }),
});
export type One = z.output<typeof One>;
export type Shown = One['connection'];

/** A provider whose key the API demands. */
export const SCALEKIT = 'SCALEKIT';

/** What can be changed of every connection. What is left out stays as it is. */
export interface CommonChanges {
  readonly key_id?: string | undefined;
  readonly provider?: string | undefined;
  readonly uiButtonTitle?: string | undefined;
  readonly attributeMapping?: Readonly<Record<string, string>> | undefined;
  readonly debugEnabled?: boolean | undefined;
}

/** The settings of one protocol. */
export interface Protocol {
  readonly type: 'OIDC' | 'SAML';
  /** The settings to write, complete. Throws `ToolError` when something is missing. */
  settingsFor(current: Shown): Body;
  /** Every setting that the call named, beside what the API shows. */
  asked(before: Shown, shown: Shown): Readonly<Record<string, Asked>>;
}

/**
 * Configures a connection. An update has to contain everything that is to stay, so the connection is read first and then
 * written as a whole (`GET` and `PATCH /connections/{id}` or `/organizations/{id}/connections/{id}`), and read again to see
 * that the update stands.
 * @throws ToolError `invalid_arguments` for a connection of another kind, or when settings are missing; `not_applied` for
 *   what the API kept; `conflict` when others go on changing the connection at the same time
 */
export function configureConnection(
  api: Api,
  target: ConnectionTarget,
  changes: CommonChanges,
  protocol: Protocol,
): Promise<One> {
  return api.inTurn(pathOf(target), () => untilItStands(() => configureOnce(api, target, changes, protocol)));
}

async function configureOnce(
  api: Api,
  target: ConnectionTarget,
  changes: CommonChanges,
  { type, settingsFor, asked }: Protocol,
): Promise<One> {
  const at = pathOf(target);
  const list = listOf(target);
  const current = inWords(checkAnswer(One, await explained(api, target, api.get(at))).connection);
  const { organization_id: owner } = current;
  if (owner && target.organizationId === undefined) throw ofOrganization('invalid_arguments', owner, target);
  refuseOtherTypes(current.type, type, target);
  const settings = settingsFor(current);
  const written = await api.patch(at, {
    type,
    key_id: changes.key_id || undefined,
    ui_button_title: changes.uiButtonTitle,
    debug_enabled: changes.debugEnabled,
    // If an update leaves these out, the API clears them.
    ...providerOf(changes.provider, current),
    attribute_mapping: changes.attributeMapping ?? current.attribute_mapping ?? undefined,
    ...settings,
  });
  const compared = (shown: Shown) => ({ ...askedOf(changes, current, shown), ...asked(current, shown) });
  const answered = compared(checkAnswer(One, written, 'write').connection);
  // What the answer leaves out is seen in what is read.
  const isTold = !isUntold(answered);
  if (isTold) requireCameTrue(answered, list);
  const now = checkAnswer(One, await readBack(api.get(at), list));
  const shown = compared(now.connection);
  if (!isTold) requireCameTrue(shown, list);
  if (notCameTrue(shown).length === 0) return now;
  throw new LostUpdate('What this call set in the connection is something else again.', list);
}

/** The provider with its key. Another provider does not keep the key of the one before. */
function providerOf(wanted: string | undefined, { provider, provider_key }: Shown) {
  const isSame = wanted === undefined || wanted === provider;
  const fixed = (wanted ?? provider) === SCALEKIT ? SCALEKIT : undefined;
  return { provider: (wanted ?? provider) || undefined, provider_key: (isSame && provider_key) || fixed };
}

/** A connection with the words of its enums, which are written again, and by which it is told what it is. */
function inWords(connection: Shown): Shown {
  const { oidc_config: oidc, saml_config: saml } = connection;
  return {
    ...connection,
    type: wordOf(CONNECTION_TYPES, connection.type),
    provider: wordOf(PROVIDERS, connection.provider),
    configuration_type: wordOf(CONFIGURATION_TYPES, connection.configuration_type),
    oidc_config: oidc && {
      ...oidc,
      scopes: oidc.scopes?.flatMap((scope) => wordOf(OIDC_SCOPES, scope) ?? []),
      token_auth_type: wordOf(TOKEN_AUTH_TYPES, oidc.token_auth_type),
    },
    saml_config: saml && {
      ...saml,
      idp_name_id_format: wordOf(NAME_ID_FORMATS, saml.idp_name_id_format),
      idp_sso_request_binding: wordOf(REQUEST_BINDINGS, saml.idp_sso_request_binding),
      idp_slo_request_binding: wordOf(REQUEST_BINDINGS, saml.idp_slo_request_binding),
      saml_signing_option: wordOf(SAML_SIGNING_OPTIONS, saml.saml_signing_option),
    },
  };
}

/** Every argument that a call named, beside what the API shows. */
function askedOf(changes: CommonChanges, before: Shown, shown: Shown): Readonly<Record<string, Asked>> {
  const mapping = changes.attributeMapping;
  return {
    key_id: { asked: changes.key_id || undefined, shown: shown.key_id },
    provider: askedWord(PROVIDERS, changes.provider, shown.provider),
    uiButtonTitle: { asked: changes.uiButtonTitle, shown: shown.ui_button_title },
    attributeMapping: {
      asked: mapping,
      shown:
        mapping && shown.attribute_mapping && mappingOf(mapping, before.attribute_mapping, shown.attribute_mapping),
    },
    debugEnabled: { asked: changes.debugEnabled, shown: shown.debug_enabled },
  };
}

type Mapping = Readonly<Record<string, string>>;

/**
 * What counts of a shown mapping: the API may add defaults, but not keep what was replaced. A name that stands for itself
 * is taken for a default, unless a call has cleared the mapping.
 */
function mappingOf(wanted: Mapping, before: Mapping | null | undefined, shown: Mapping): Mapping {
  const isCleared = Object.keys(wanted).length === 0;
  const isKept = (name: string, value: string) => before?.[name] === value && (isCleared || name !== value);
  return Object.fromEntries(
    Object.entries(shown).filter(([name, value]) => Object.hasOwn(wanted, name) || isKept(name, value)),
  );
}
