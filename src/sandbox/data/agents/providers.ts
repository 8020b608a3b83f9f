import { complete } from '../../contract/complete.ts';
import { ProviderSchema } from '../../contract/published/providers.ts';

type Row = readonly [identifier: string, name: string, description: string, category: string, auth: string];

const BUILT_IN: readonly Row[] = [
  ['GMAIL', 'Gmail', 'Read, search and send mail.', 'Communication', 'OAUTH'],
  ['GOOGLECALENDAR', 'Google Calendar', 'Plan meetings and find free times.', 'Productivity', 'OAUTH'],
  ['SLACK', 'Slack', 'Post to channels and read them.', 'Communication', 'OAUTH'],
  ['NOTION', 'Notion', 'Search and read pages and databases.', 'Productivity', 'OAUTH'],
  ['SALESFORCE', 'Salesforce', 'Accounts, contacts and opportunities.', 'CRM', 'OAUTH'],
  ['HUBSPOT', 'HubSpot', 'Contacts, deals and tickets.', 'CRM', 'OAUTH'],
  ['LINEAR', 'Linear', 'Issues, projects and cycles.', 'Developer tools', 'API_KEY'],
];
const CUSTOM: readonly Row[] = [
  ['CUSTOM_TIDES', 'Tide tables', 'When the tide is high at each quay.', 'Custom', 'API_KEY'],
  ['CUSTOM_BERTHS', 'Berths', 'Which berth is free, and until when.', 'Custom', 'NO_AUTH'],
  ['CUSTOM_CRANES', 'Cranes', 'Which crane works where; replaced by the yard planner.', 'Custom', 'API_KEY'],
];

/** What a user is asked for. */
function inputs(type: string) {
  const field = { field_name: 'api_key', label: 'API key', input_type: 'password', required: true };
  return { fields: type === 'API_KEY' ? [field] : [] };
}

const provider =
  (is_custom: boolean) =>
  ([identifier, display_name, description, category, type]: Row, i: number) =>
    complete(ProviderSchema, {
      id: `prv_7120441809306${(is_custom ? 600 : 500) + i}`,
      ...{ identifier, display_name, description, is_custom },
      categories: [category],
      auth_patterns: [{ type, display_name: type === 'OAUTH' ? 'OAuth 2.0' : type, ...(is_custom && inputs(type)) }],
      ...(is_custom && { proxy_url: `https://${display_name.toLowerCase().replaceAll(' ', '-')}.example/api` }),
      proxy_enabled: is_custom,
      display_priority: i,
      // Announced, and not to be connected yet.
      coming_soon: identifier === 'LINEAR',
    });

/** The connectors that Scalekit offers, in their order. */
export const PROVIDERS = BUILT_IN.map(provider(false));

/** Those that Harborlight has made. */
export const CUSTOM_PROVIDERS = CUSTOM.map(provider(true));
