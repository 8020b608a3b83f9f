import { ProtocolErrorCode, type ServerCapabilities, type ServerContext } from '@modelcontextprotocol/server';
import type { PromptEntry, ResourceEntry, SurfaceContent } from '../../access/content.ts';
import type { Surface } from '../../access/surface.ts';
import type { Resource } from '../../core/content.ts';
import type { Message } from '../../core/message.ts';
import { MODERN_VERSION } from '../../core/message.ts';
import type { Result } from '../../core/result.ts';
import { run } from '../../run/run.ts';
import type { Services } from '../../run/services.ts';
import { EXTENSIONS } from './extensions.ts';
import { type Judge, toMessage } from './judged.ts';
import { pageOf } from './pages.ts';
import { ClientFacingError, type ReadableErrorsServer } from './sdk-server.ts';
import { serveSkills } from './skills.ts';

/** The capabilities of a server with such content. They say nothing of the caller, and change with the selection alone. */
export function capabilitiesOf({ resources, prompts, skills }: SurfaceContent): ServerCapabilities {
  return {
    tools: {},
    ...(resources.size > 0 && { resources: {} }),
    ...(prompts.size > 0 && { prompts: {} }),
    ...((resources.size > 0 || prompts.size > 0) && { completions: {} }),
    ...(skills.length > 0 && { extensions: EXTENSIONS }),
  };
}

interface ContentOptions {
  readonly judge: Judge;
  readonly surface: Surface;
  readonly services: Services;
  /** The only method that is asked for, if that is known. */
  readonly method: string | undefined;
}

/** Answers what asks for resources, prompts and completions. A method without anything to offer is not served. */
export function serveContent(server: ReadableErrorsServer, options: ContentOptions): void {
  const { surface, method } = options;
  const { resources, prompts, skills } = surface.content;
  const serves = (name: string) => method === undefined || method === name;
  if (resources.size > 0) serveResources(server, options, serves);
  if (prompts.size > 0) servePrompts(server, options, serves);
  if (skills.length > 0) serveSkills(server, skills, serves);
  if ((resources.size > 0 || prompts.size > 0) && serves('completion/complete')) {
    server.setRequestHandler('completion/complete', async (request, context) => ({
      completion: await complete(toMessage(request, context), context, options),
    }));
  }
}

function serveResources(
  server: ReadableErrorsServer,
  options: ContentOptions,
  serves: (name: string) => boolean,
): void {
  const all = [...options.surface.content.resources.values()];
  if (serves('resources/list')) {
    server.setRequestHandler('resources/list', ({ params }) => {
      const { entries, next } = pageOf(all.filter(isSingle), params?.cursor);
      const resources = entries.map((entry) => ({
        uri: entry.template.text,
        ...listed(entry),
        ...metaOf(entry.resource),
      }));
      return { resources, ...next };
    });
  }
  if (serves('resources/templates/list')) {
    server.setRequestHandler('resources/templates/list', ({ params }) => {
      const templates = all.filter((entry) => !isSingle(entry));
      const { entries, next } = pageOf(templates, params?.cursor);
      return {
        resourceTemplates: entries.map((entry) => ({ uriTemplate: entry.template.text, ...listed(entry) })),
        ...next,
      };
    });
  }
  if (serves('resources/read')) {
    server.setRequestHandler('resources/read', async (request, context) => {
      const { contents, resource } = await read(toMessage(request, context), context, options);
      // The older era has no such members.
      if (server.getNegotiatedProtocolVersion() !== MODERN_VERSION) return { contents };
      const { ttlMs, isPublic } = resource.resource;
      return { contents, ttlMs, cacheScope: isPublic === true ? ('public' as const) : ('private' as const) };
    });
  }
}

function servePrompts(
  server: ReadableErrorsServer,
  { judge, surface }: ContentOptions,
  serves: (name: string) => boolean,
): void {
  if (serves('prompts/list')) {
    server.setRequestHandler('prompts/list', ({ params }) => {
      const { entries, next } = pageOf([...surface.content.prompts.values()], params?.cursor);
      return { prompts: entries.map(listedPrompt), ...next };
    });
  }
  if (serves('prompts/get')) {
    server.setRequestHandler('prompts/get', (request, context) => {
      const { decision } = judge(toMessage(request, context));
      if (decision.kind !== 'prompt') throw refusalOf(decision);
      const { prompt, facts } = decision.asked;
      const message = { role: 'user' as const, content: { type: 'text' as const, text: prompt.write(facts) } };
      return { description: prompt.description, messages: [message] };
    });
  }
}

function isSingle({ template }: ResourceEntry): boolean {
  return template.variables.length === 0;
}

function listed({ resource: { name, title, description, mimeType } }: ResourceEntry) {
  return { name, title, description, mimeType };
}

/**
 * What hosts must know of a view before they show it (MCP Apps, 2026-01-26): it loads nothing and connects to nothing, and
 * is more than text of the conversation.
 */
const OF_A_VIEW = {
  ui: {
    csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
    prefersBorder: true,
  },
} as const;

function metaOf({ view }: Resource): { readonly _meta?: typeof OF_A_VIEW } {
  return view === undefined ? {} : { _meta: OF_A_VIEW };
}

function listedPrompt({ prompt }: PromptEntry) {
  const { name, title, description } = prompt;
  const args = prompt.arguments.map(({ name, description, isRequired }) => ({
    name,
    description,
    required: isRequired,
  }));
  return { name, title, description, ...(args.length > 0 && { arguments: args }) };
}

async function read(message: Message, context: ServerContext, { judge, services }: ContentOptions) {
  const { decision, observation } = judge(message);
  const resource = decision.kind === 'call' ? decision.call.resource : undefined;
  if (decision.kind !== 'call' || resource === undefined) throw refusalOf(decision, uriOf(message));
  const result = await run(decision.call, services, requestOf(observation, context));
  const { data, text } = successOf(result, uriOf(message));
  const { mimeType } = resource.resource;
  const shown = mimeType === 'application/json' ? text : String(data['text']);
  return {
    resource,
    contents: [{ uri: String(message.params['uri']), mimeType, text: shown, ...metaOf(resource.resource) }],
  };
}

async function complete(message: Message, context: ServerContext, { judge, services }: ContentOptions) {
  const { decision, observation } = judge(message);
  if (decision.kind === 'open') return { values: [] };
  if (decision.kind !== 'call') throw refusalOf(decision);
  const { data } = successOf(await run(decision.call, services, requestOf(observation, context)));
  const { values, total, has_more: hasMore } = data as { values: string[]; total?: number; has_more?: boolean };
  return { values, ...(total !== undefined && { total }), ...(hasMore !== undefined && { hasMore }) };
}

function requestOf(observation: ReturnType<Judge>['observation'], { mcpReq: { signal } }: ServerContext) {
  return { observation, signal, progress: () => undefined };
}

/** The longest URI that an error repeats, in characters. */
const MAX_REPEATED = 500;

/** The URI that was asked for, for the data of an error. */
function uriOf({ params: { uri } }: Message): object | undefined {
  return typeof uri === 'string' ? { uri: uri.slice(0, MAX_REPEATED) } : undefined;
}

/** What cannot be found or be meant is the client's error; anything else says whether a repetition can help. */
const CLIENT_ERRORS: ReadonlySet<string> = new Set(['not_found', 'invalid_arguments']);

function successOf(result: Result, asked?: object): Extract<Result, { kind: 'success' }> {
  if (result.kind === 'success') return result;
  const { message, ...facts } = result.error;
  const data = { ...facts, ...asked };
  const code = CLIENT_ERRORS.has(data.code) ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  throw new ClientFacingError(code, message, data);
}

function refusalOf(decision: ReturnType<Judge>['decision'], asked?: object): ClientFacingError {
  if (decision.kind === 'invalid')
    return new ClientFacingError(ProtocolErrorCode.InvalidParams, decision.message, asked);
  if (decision.kind === 'deny')
    return new ClientFacingError(ProtocolErrorCode.InvalidRequest, decision.denial.description);
  if (decision.kind === 'told') {
    return new ClientFacingError(ProtocolErrorCode.InternalError, decision.error.message, decision.error.recovery);
  }
  return new ClientFacingError(ProtocolErrorCode.InternalError, 'The message was not authorized.');
}
