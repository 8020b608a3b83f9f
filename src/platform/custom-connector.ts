import { z } from 'zod';
import type { Api, Body } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, requireAsBefore, requireCameTrue, requireTold } from './came-true.ts';
import { collectDependents } from './dependents.ts';
import { CustomConnector } from './entities/connector.ts';
import { pagesOf } from './pages.ts';
import { withPairs } from './pairs.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';
import { aboutArguments, requireChange } from './refusal.ts';

type Connector = z.output<typeof CustomConnector>;
const One = z.object({ provider: CustomConnector });
type One = z.output<typeof One>;

const LIST = 'search_connectors';
const PAGE_SIZE = 100;

/** What a call sets of a connector, under the names of its arguments. */
export interface ConnectorSettings {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly proxyUrl?: string | undefined;
  readonly proxyEnabled?: boolean | undefined;
  readonly iconUrl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly authPatternJson?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes a connector (`POST /custom-providers`). What it is called by the API derives.
 * @throws ToolError `not_applied` for what is not as asked
 */
export async function createConnector(api: Api, settings: ConnectorSettings): Promise<One> {
  const answer = await api.post(path`/custom-providers`, bodyOf(settings)).catch(refused);
  const created = checkAnswer(One, answer, 'write');
  const read = () => readConnector(api, created.provider.identifier);
  return requireTold(({ provider }) => asked(settings, provider), created, read, LIST);
}

/**
 * Changes a connector (`GET /providers`, `PUT /custom-providers/{identifier}`). The API replaces it as a whole, so it is
 * read first and written with all that it has.
 * @throws ToolError `not_applied` for what is not as asked afterwards, and for what has changed beside it
 */
export async function updateConnector(api: Api, identifier: string, settings: ConnectorSettings): Promise<One> {
  requireChange({ ...settings }, 'displayName');
  return api.inTurn(path`/custom-providers/${identifier}`, async () => {
    const { provider: before } = await readConnector(api, identifier);
    const named = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const patterns = settings.authPatternJson === undefined ? before.auth_patterns : [settings.authPatternJson];
    const metadata = withPairs(before.metadata, settings.metadata);
    const whole: ConnectorSettings = { ...settingsOf(before), ...named, metadata };
    const body = { ...bodyOf(whole), auth_patterns: (patterns ?? []) as Body[] };
    const answer = await api.put(path`/custom-providers/${before.identifier}`, body).catch(refused);
    checkAnswer(One, answer, 'write');
    // What the answer leaves out of a whole replacement may be lost: only a look tells.
    const now = await readBack(readConnector(api, before.identifier), LIST);
    const { metadata: _, ...rest } = settings;
    const pairs: Asked = { asked: metadata, shown: now.provider.metadata };
    requireCameTrue({ ...asked(rest, now.provider), ...(settings.metadata && { metadata: pairs }) }, LIST);
    const patternsNow: Asked = { asked: patterns ?? [], shown: now.provider.auth_patterns ?? [] };
    requireAsBefore({ ...asked(whole, now.provider), metadata: pairs, authPatternJson: patternsNow }, LIST);
    return now;
  });
}

/**
 * Finds a connector that was made in this environment, whatever the case of its identifier (`GET /providers`).
 * @throws ToolError `not_found`, also for one that Scalekit offers
 */
async function readConnector(api: Api, identifier: string): Promise<One> {
  const found = await findConnector(api, identifier);
  if (found !== undefined) return { provider: found };
  const message =
    'This environment has made no such connector. Those that Scalekit offers can neither be changed nor deleted.';
  throw new ToolError('not_found', message, { field: 'identifier', nextTool: LIST });
}

async function findConnector(api: Api, identifier: string): Promise<Connector | undefined> {
  const query = { 'filter.provider_type': 'CUSTOM', page_size: PAGE_SIZE };
  let similar: Connector | undefined;
  for await (const { entries } of pagesOf(api, path`/providers`, query, 'providers', CustomConnector)) {
    // One that Scalekit offers may be called the same.
    const custom = entries.filter(({ is_custom }) => is_custom !== false);
    const exact = custom.find((entry) => entry.identifier === identifier);
    if (exact !== undefined) return exact;
    similar ??= custom.find((entry) => entry.identifier.toLowerCase() === identifier.toLowerCase());
  }
  return similar;
}

const AppConnection = z.object({
  id: z.string(),
  key_id: z.string().nullish(),
  enabled: z.boolean().nullish(),
  provider_key: z.string().nullish(),
});
const Account = z.object({ id: z.string(), identifier: z.string().nullish(), provider: z.string().nullish() });

/**
 * Reads a connector with the app connections and the connected accounts that are left behind without it
 * (`GET /providers`, `GET /connections/app`, `GET /connected_accounts`).
 */
export async function showConnector(api: Api, identifier: string) {
  const { provider } = await readConnector(api, identifier);
  const isSame = (other: string | null | undefined) => other?.toLowerCase() === provider.identifier.toLowerCase();
  const narrowed = { provider: provider.identifier };
  const [connections, connected_accounts] = await Promise.all([
    collectDependents(
      pagesOf(api, path`/connections/app`, { ...narrowed, page_size: 30 }, 'connections', AppConnection),
      (some) =>
        some.filter((one) => isSame(one.provider_key)).map(({ id, key_id, enabled }) => ({ id, key_id, enabled })),
    ),
    collectDependents(
      pagesOf(api, path`/connected_accounts`, { ...narrowed, page_size: 99 }, 'connected_accounts', Account),
      (some) => some.filter((one) => isSame(one.provider)).map(({ id, identifier }) => ({ id, identifier })),
    ),
  ]);
  return { provider, connections, connected_accounts };
}

/**
 * Deletes a connector (`DELETE /custom-providers/{identifier}`), and looks whether it is gone.
 * @throws ToolError `not_applied` when it is still there
 */
export async function deleteConnector(api: Api, identifier: string) {
  const { provider } = await readConnector(api, identifier);
  await api.delete(path`/custom-providers/${provider.identifier}`);
  const after = await readBack(findConnector(api, provider.identifier), LIST);
  if (after === undefined) return { deleted_id: provider.identifier };
  const message =
    'Scalekit accepted the deletion, but the connector is still there. Do not repeat the call: delete it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { field: 'identifier', nextTool: LIST });
}

function refused(refusal: unknown): never {
  throw aboutArguments(refusal, [
    { at: 'provider.display_name', field: 'displayName' },
    { at: 'provider.description', field: 'description' },
    { at: 'provider.proxy_url', field: 'proxyUrl' },
    { at: 'provider.icon_src', field: 'iconUrl' },
    { at: 'provider.metadata', field: 'metadata' },
    { at: 'provider.auth_patterns', field: 'authPatternJson' },
  ]);
}

/** What is empty is left out, as the API refuses some of it. */
function bodyOf(settings: ConnectorSettings): Body {
  const { displayName, description, proxyUrl, proxyEnabled, iconUrl, metadata, authPatternJson } = settings;
  return {
    display_name: displayName,
    description: description || undefined,
    auth_patterns: authPatternJson && [authPatternJson as Body],
    proxy_url: proxyUrl || undefined,
    proxy_enabled: proxyEnabled,
    icon_src: iconUrl || undefined,
    metadata,
  };
}

/** What a connector has, under the names of the arguments, without how accounts are authorized. */
function settingsOf(connector: Connector): ConnectorSettings {
  return {
    displayName: connector.display_name ?? '',
    description: connector.description ?? '',
    proxyUrl: connector.proxy_url ?? '',
    proxyEnabled: connector.proxy_enabled ?? false,
    iconUrl: connector.icon_src ?? '',
  };
}

function asked(settings: ConnectorSettings, shown: Connector): Readonly<Record<string, Asked>> {
  const { authPatternJson: pattern } = settings;
  return {
    displayName: { asked: settings.displayName, shown: shown.display_name },
    description: { asked: settings.description, shown: shown.description },
    proxyUrl: { asked: settings.proxyUrl, shown: shown.proxy_url },
    proxyEnabled: { asked: settings.proxyEnabled, shown: shown.proxy_enabled },
    iconUrl: { asked: settings.iconUrl, shown: shown.icon_src },
    metadata: { asked: settings.metadata, shown: shown.metadata },
    // The API may add members of its own, such as defaults.
    authPatternJson: { asked: pattern && partsOf(pattern, pattern), shown: partsOf(pattern, shown.auth_patterns?.[0]) },
  };
}

/** Of a pattern that the API shows what a call named of it at its first level. */
function partsOf(named: ConnectorSettings['authPatternJson'], shown: unknown): unknown {
  if (named === undefined || typeof shown !== 'object' || shown === null) return undefined;
  const members = shown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(named).map((name) => [name, members[name]]));
}
