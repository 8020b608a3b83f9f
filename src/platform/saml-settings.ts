import { z } from 'zod';
import type { Body } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { NAME_ID_FORMATS, REQUEST_BINDINGS, SAML_SIGNING_OPTIONS } from './enum-words.ts';
import { exact, trimmed } from './exact.ts';
import { webUrl } from './uri.ts';

/** The text of a certificate without its frame and its line breaks, which two ways to write one differ in. */
export function certificateText(text: string): string {
  return text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
}

const isCertificate = (text: string) => /^[A-Za-z0-9+/=]{16,}$/.test(certificateText(text));
const named = exact(trimmed(z.string())).refine(
  ({ length }) => length > 0,
  'must not be empty: leave it out to keep it',
);

/** The settings that a caller may choose. Scalekit assigns what is to be registered at the identity provider. */
export const samlSettings = z
  .strictObject({
    idp_metadata_url: webUrl().optional(),
    idp_entity_id: named.optional(),
    idp_sso_url: webUrl().optional(),
    idp_certificate: trimmed(z.string())
      .refine(isCertificate, 'must be an X.509 certificate, as PEM or Base64')
      .optional(),
    idp_slo_url: webUrl().optional(),
    idp_slo_required: z.boolean().optional(),
    idp_name_id_format: z.enum(NAME_ID_FORMATS).optional(),
    idp_sso_request_binding: z.enum(REQUEST_BINDINGS).optional(),
    idp_slo_request_binding: z.enum(REQUEST_BINDINGS).optional(),
    saml_signing_option: z.enum(SAML_SIGNING_OPTIONS).optional(),
    want_request_signed: z.boolean().optional(),
    assertion_encrypted: z.boolean().optional(),
    force_authn: z.boolean().optional(),
    default_redirect_uri: webUrl().optional(),
    sync_user_profile_on_login: z.boolean().optional(),
    jit_provisioning_with_sso_enabled: z.boolean().optional(),
  })
  .describe('At first: idp_metadata_url; or idp_entity_id, idp_sso_url and idp_certificate');

export type SamlSettings = z.output<typeof samlSettings>;

/** The settings that a connection has, as far as they are written again. */
interface Current extends JsonObjectLike {
  readonly idp_metadata_url?: string | null | undefined;
  readonly idp_entity_id?: string | null | undefined;
  readonly idp_certificates?: readonly unknown[] | null | undefined;
}
type JsonObjectLike = Readonly<Record<string, unknown>>;

/** What a metadata document holds, beside the certificate, which is never written again. */
const IN_METADATA = ['idp_entity_id', 'idp_sso_url'] as const;
const MANUAL = [...IN_METADATA, 'idp_certificate'] as const;
const OTHERS = [
  ...['idp_slo_url', 'idp_slo_required', 'idp_name_id_format', 'idp_sso_request_binding', 'idp_slo_request_binding'],
  ...['saml_signing_option', 'want_request_signed', 'assertion_encrypted', 'force_authn', 'default_redirect_uri'],
  ...['sync_user_profile_on_login', 'jit_provisioning_with_sso_enabled'],
];

/** Values that mean that a setting is not set. */
const UNSET: readonly unknown[] = [
  ...[undefined, null, '', 'NAME_ID_FORMAT_NIL', 'REQUEST_BINDING_UNSPECIFIED', 'SAML_SIGNING_OPTIONS_UNSPECIFIED'],
];

/**
 * The complete settings to write. If an update leaves an enum out, the API cannot tell that from clearing it, so the
 * settings that the connection has and the call does not name are written again.
 * @throws ToolError `invalid_arguments` when something is missing that neither the connection nor its metadata has
 */
export function completeSamlSettings(
  given: SamlSettings,
  current: Current,
  currentType: string | null | undefined,
): Body {
  const isManual = isByHand(given, current, currentType);
  const source = isManual ? IN_METADATA : (['idp_metadata_url'] as const);
  const saml_config = { ...pick(current, [...source, ...OTHERS]), ...pick(given, Object.keys(given)) };
  const isOther = given.idp_entity_id !== undefined && given.idp_entity_id !== current.idp_entity_id;
  const hasCertificate = (current.idp_certificates ?? []).length > 0 && !isOther;
  const needed = isManual ? [...IN_METADATA, ...(hasCertificate ? [] : ['idp_certificate'])] : ['idp_metadata_url'];
  const missing = needed.filter((name) => saml_config[name] === undefined);
  const [first] = missing;
  if (first !== undefined) {
    const message = `Add ${missing.join(', ')} to saml_config and call again: the connection as it is does not have that. Or give idp_metadata_url alone, which holds all of it.`;
    throw new ToolError('invalid_arguments', message, { field: `saml_config.${first}` });
  }
  return { configuration_type: isManual ? 'MANUAL' : 'DISCOVERY', saml_config };
}

/** Whether the settings are given one by one, in place of a metadata document. */
function isByHand(given: SamlSettings, { idp_metadata_url: url }: Current, type: string | null | undefined): boolean {
  const byHand = MANUAL.find((name) => given[name] !== undefined);
  if (given.idp_metadata_url === undefined)
    return byHand !== undefined || type === 'MANUAL' || (type !== 'DISCOVERY' && !url);
  if (byHand === undefined) return false;
  const message = `The document at idp_metadata_url holds ${byHand}: give one of the two.`;
  throw new ToolError('invalid_arguments', message, { field: `saml_config.${byHand}` });
}

/** The named members that are set. */
function pick(source: JsonObjectLike, members: readonly string[]): JsonObject {
  const set = Object.entries(source).filter(([name, value]) => members.includes(name) && !UNSET.includes(value));
  return Object.fromEntries(set) as JsonObject;
}
