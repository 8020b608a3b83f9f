import type { Api } from '../core/api.ts';
import type { Asked } from './came-true.ts';
import { type CommonChanges, configureConnection, type One, type Shown } from './configure-connection.ts';
import type { ConnectionTarget } from './connection-target.ts';
import { askedWord, NAME_ID_FORMATS, REQUEST_BINDINGS, SAML_SIGNING_OPTIONS } from './enum-words.ts';
import { certificateText, completeSamlSettings, type SamlSettings } from './saml-settings.ts';

/** The settings to change. What is left out stays as it is. */
interface Changes extends CommonChanges {
  readonly saml_config: SamlSettings;
}

/**
 * Configures a SAML connection.
 * @throws ToolError as `configureConnection` does
 */
export function configureSamlConnection(api: Api, target: ConnectionTarget, changes: Changes): Promise<One> {
  return configureConnection(api, target, changes, {
    type: 'SAML',
    settingsFor: ({ saml_config, configuration_type }) =>
      completeSamlSettings(changes.saml_config, saml_config ?? {}, configuration_type),
    asked: (_, shown) => asked(changes.saml_config, shown),
  });
}

const WORDS = {
  idp_name_id_format: NAME_ID_FORMATS,
  idp_sso_request_binding: REQUEST_BINDINGS,
  idp_slo_request_binding: REQUEST_BINDINGS,
  saml_signing_option: SAML_SIGNING_OPTIONS,
} as const;

/** Every setting that a call named, beside what the API shows. */
function asked(wanted: SamlSettings, { saml_config }: Shown): Readonly<Record<string, Asked>> {
  const { idp_certificate: certificate, ...settings } = wanted;
  const config: Readonly<Record<string, unknown>> = saml_config ?? {};
  const fields = Object.entries(settings).map(([name, value]) => {
    const words = WORDS[name as keyof typeof WORDS];
    const shown = config[name];
    return [
      `saml_config.${name}`,
      words === undefined
        ? { asked: value, shown }
        : askedWord(words, value as string | undefined, shown as string | null | undefined),
    ] as const;
  });
  const text = certificate && certificateText(certificate);
  const known = saml_config?.idp_certificates?.map((one) => one.certificate && certificateText(one.certificate));
  return {
    ...Object.fromEntries(fields),
    'saml_config.idp_certificate': { asked: text, shown: known?.find((one) => one === text) },
  };
}
