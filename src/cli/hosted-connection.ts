import { WHOLE_TOOLSET } from '../access/selection.ts';
import { HostedFailure } from '../bridge/failure.ts';
import type { HostedServer } from '../bridge/hosted-server.ts';
import { isObject, parseJson } from '../core/json.ts';
import { cancelled } from '../outgoing/deadline.ts';
import { catalogue } from '../tools/index.ts';
import type { Host } from './command.ts';
import type { CallError, CallOutcome, Connection } from './connection.ts';
import { CommandFailure } from './failure.ts';
import { type HostedOptions, withHosted } from './hosted.ts';
import type { SelectingOptions } from './selecting.ts';
import { narrowedUrl } from './server-url.ts';

type Client = Awaited<ReturnType<HostedServer['connect']>>;
type Listed = Awaited<ReturnType<Client['listTools']>>['tools'][number];
type Answer = Awaited<ReturnType<Client['callTool']>>;

/** A server ends a call itself long before. */
const CALL_TIMEOUT_MS = 600_000;

/**
 * Uses the tools of a hosted server. On a terminal a person is asked to sign in where that is needed; others sign in before,
 * or bring a token.
 * @throws CommandFailure
 */
export function withHostedConnection(
  host: Host,
  options: SelectingOptions & HostedOptions & { readonly url: string },
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const url = narrowedUrl(options.url, options);
  const calledUrl = url.href;
  const isNarrowed = ['toolsets', 'tools'].some((name) => url.searchParams.has(name));
  if (!isNarrowed) url.searchParams.set('toolsets', WHOLE_TOOLSET);
  return withHosted(host, { ...options, url: url.href, calledUrl }, host.output.isInteractive, async (server) => {
    const client = await server.connect();
    try {
      await use(connectionOf(client, server));
    } finally {
      await client.close();
    }
  });
}

function connectionOf(client: Client, server: HostedServer): Connection {
  const listed = async () => (await client.listTools()).tools;
  return {
    listTools: async () =>
      (await listed()).map((tool) => ({
        name: tool.name,
        title: tool.title ?? tool.name,
        description: tool.description ?? '',
        ...effectOf(tool),
        inputSchema: tool.inputSchema,
      })),
    async callTool(name, args, { signal, onProgress } = {}) {
      try {
        const answer = await client.callTool(
          { name, arguments: args },
          {
            timeout: CALL_TIMEOUT_MS,
            ...(signal !== undefined && { signal }),
            onprogress: ({ message }) => {
              if (message !== undefined) onProgress?.(message);
            },
          },
        );
        return withLine(outcomeOf(answer), server);
      } catch (error) {
        if (signal?.aborted === true) {
          const { code, message } = cancelled();
          return { kind: 'failure', error: { code, message } };
        }
        const told = server.told(error);
        if (!(told instanceof HostedFailure)) throw told;
        if (told.kind === 'failed' && (await listed()).every((tool) => tool.name !== name)) {
          throw new CommandFailure('usage', told.message);
        }
        return withLine(refusedBy(told), server);
      }
    },
  };
}

/**
 * What a call does, and the scope that it needs. The protocol says less than that: whether a call changes or destroys something
 * is one to it, and it says nothing of scopes. So what this program knows of a tool of that name is said, as long as it fits.
 */
function effectOf({ name, annotations = {} }: Listed): { readonly effect: string; readonly scope?: string | null } {
  const { readOnlyHint = false, destructiveHint = true } = annotations;
  const known = catalogue.find((tool) => tool.name === name);
  const isSame =
    known !== undefined &&
    (known.effect === 'read') === readOnlyHint &&
    (readOnlyHint || (known.effect !== 'add') === destructiveHint);
  if (isSame) return { effect: known.effect, scope: known.scope };
  if (readOnlyHint) return { effect: 'read' };
  return { effect: destructiveHint ? 'overwrite' : 'add' };
}

/**
 * A refusal of the server, as it would stand in the result of the call where the server tells it there.
 * @throws HostedFailure when it is no refusal, or does not say why in a form for programs
 */
function refusedBy(failure: HostedFailure): CallOutcome {
  if (failure.refusal === undefined) throw failure;
  const { code, facts } = failure.refusal;
  return { kind: 'failure', error: { ...facts, code, message: failure.message } };
}

/** What is refused for want of a scope, with the line that gets it: of the scopes that the server says, and no other of its words. */
function withLine(outcome: CallOutcome, server: HostedServer): CallOutcome {
  if (outcome.kind !== 'failure' || outcome.error.code !== 'insufficient_scope') return outcome;
  const { scope } = outcome.error;
  return typeof scope === 'string' ? { ...outcome, run: server.widening(scope) } : outcome;
}

/** Failures of this server are JSON behind a word. */
const FAILURE = /^Error (\{.*\})$/s;

/** The outcome that an answer tells. A failure of a server of another kind is told in its own words. */
function outcomeOf({ isError, structuredContent, content }: Answer): CallOutcome {
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  if (isError !== true) return { kind: 'success', data: isObject(structuredContent) ? structuredContent : { text } };
  const told = parseJson(FAILURE.exec(text)?.[1] ?? '');
  const error = isObject(told) ? told['error'] : undefined;
  if (!isCallError(error)) return { kind: 'failure', error: { code: 'failed', message: text } };
  const { confirmation, confirmationExpiresAt } = error;
  if (typeof confirmation !== 'string' || typeof confirmationExpiresAt !== 'string') return { kind: 'failure', error };
  return { kind: 'preview', error: { ...error, confirmation, confirmationExpiresAt } };
}

function isCallError(value: unknown): value is CallError {
  return isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string';
}
