import { z } from 'zod';
import { isObject } from '../core/json.ts';
import { also, given, sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import {
  type ConnectorSettings,
  createConnector,
  deleteConnector,
  showConnector,
  updateConnector,
} from '../platform/custom-connector.ts';
import { CustomConnector } from '../platform/entities/connector.ts';
import { DependentAccounts, DependentAppConnections } from '../platform/entities/dependents.ts';
import { exact, trimmed } from '../platform/exact.ts';
import { jsonText } from '../platform/json-text.ts';
import { secretArguments } from '../release/secret-arguments.ts';
import { secrecyOf } from '../release/secret-names.ts';
import { logoUrl } from './fields/organization.ts';
import { limited, metadata, metadataChanges, shortText } from './fields/texts.ts';
import { isShownToItsQuery, shown } from './fields/uris.ts';

const output = { provider: CustomConnector };

const displayName = trimmed(z.string())
  .refine((name) => /^[a-zA-Z0-9 ]{1,200}$/.test(name) && name.trim() !== '', 'must be letters, digits and spaces')
  .describe('Letters, digits, spaces; let that of an MCP server end in MCP');

/** The longest pattern, in characters of JSON. */
const MAX_PATTERN = 20_000;

/** Also in the host, as in `https://{{domain}}.example.com`. */
const PROXY_URL =
  /^https:\/\/(?:\[[\da-f:.]+\]|(?:[\w.-]|\{\{\w{1,64}\}\})+)(?::\d{1,5})?(?:[/?][\w\-.~:/?[\]@!$&'()*+,;=%{}]*)?$/i;

/** The address may hold `{{fields}}` of an account, so that it need not be a URL by itself. */
const proxyUrl = shown(
  exact(limited(trimmed(z.string()), 2048)).refine(
    (url) => PROXY_URL.test(url),
    'must be an https URL with a host in ASCII, without credentials and fragment',
  ),
).describe('Address of its API or MCP server; may hold {{fields}}');

/** Whether what users are asked for is hidden while they type where it is a secret. */
function hidesSecrets({ fields = [] }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(fields)) return false;
  return fields.every((field) => {
    if (!isObject(field)) return false;
    const { field_name: name, input_type: type } = field;
    return typeof name !== 'string' || secrecyOf(name) === 'public' || type === 'password';
  });
}

/** What begins as a URL. */
const LEADS = /^[a-z][a-z0-9+.-]*:\/\//i;

/** All texts in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** How accounts are authorized. Its form is open: Scalekit adds to it, and checks little of it. */
const authPatternJson = z
  .string()
  .max(MAX_PATTERN, { abort: true })
  .pipe(jsonText)
  .refine(
    ({ type }) => typeof type === 'string' && type !== '',
    'needs a type, such as OAUTH, BEARER, API_KEY or NO_AUTH',
  )
  .refine(hidesSecrets, 'needs fields as a list of objects, with input_type password for each that is a secret')
  .refine(
    (pattern) => textsIn(pattern).every((text) => !LEADS.test(text) || isShownToItsQuery(text)),
    'must hold no address that looks like a secret, because whoever confirms would not see where it leads',
  )
  .refine(
    (pattern) => secretArguments(pattern).length === 0,
    'must hold no secret, since those belong to connections and accounts',
  )
  .describe(
    'JSON object: type, display_name, fields [{field_name, label, input_type, required}], oauth_config, is_mcp',
  );

const settings = {
  description: shortText(2000).optional(),
  proxyEnabled: z.boolean().optional(),
  iconUrl: logoUrl.optional(),
};

const told = ({
  displayName,
  description,
  proxyUrl,
  proxyEnabled,
  iconUrl,
  metadata,
  authPatternJson,
}: ConnectorSettings) => ({
  name: displayName,
  description,
  address: proxyUrl,
  'proxy on': proxyEnabled,
  icon: iconUrl,
  metadata,
  authorization: authPatternJson,
});

/** The connectors that an environment adds to those of Scalekit. */
export const customConnectors = toolset('custom_connectors', { area: 'environment', rare: true }, (t) => [
  t.add('create_custom_connector', {
    foundBy: 'connect agents to my own API, app is not supported, own integration',
    description:
      'Create a custom connector, so that agents can be connected to an API or MCP server of your own. It needs an app connection next.',
    input: {
      displayName,
      proxyUrl,
      authPatternJson,
      ...settings,
      proxyEnabled: z.boolean().default(true),
      metadata: metadata(20),
    },
    output,
    does: ({ displayName, ...rest }) => sentence`Create the custom connector ${displayName}${also(told(rest))}.`,
    run: (wanted, { api }) => createConnector(api, wanted),
  }),

  t.overwrite('update_custom_connector', {
    foundBy: 'address of our own connector, icon or auth of an integration',
    description: 'Change a custom connector: name, address, icon, how accounts are authorized. What is left out stays.',
    input: {
      identifier: shortText(255).describe('From search_connectors'),
      displayName: displayName.optional(),
      proxyUrl: proxyUrl.optional(),
      authPatternJson: authPatternJson.optional(),
      ...settings,
      metadata: metadataChanges(20),
    },
    output,
    does: ({ identifier, ...rest }) => sentence`Change the custom connector ${identifier}: ${given(told(rest))}.`,
    run: ({ identifier, ...changes }, { api }) => updateConnector(api, identifier, changes),
  }),

  t.destroy('delete_custom_connector', {
    foundBy: 'remove our own integration',
    description: 'Delete a custom connector for good. Its app connections and connected accounts are left without it.',
    input: { identifier: shortText(255).describe('From search_connectors') },
    shows: { ...output, connections: DependentAppConnections, connected_accounts: DependentAccounts },
    stopsWorking: 'Tools of this connector: its app connections and connected accounts stay, and lead nowhere.',
    does: ({ identifier }) => sentence`Delete the custom connector ${identifier} for good.`,
    show: ({ identifier }, { api }) => showConnector(api, identifier),
    output: { deleted_id: z.string() },
    run: ({ identifier }, { api }) => deleteConnector(api, identifier),
  }),
]);
