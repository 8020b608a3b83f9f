import { text as readAll } from 'node:stream/consumers';
import { nearestTo } from '../access/nearest.ts';
import { WHOLE_TOOLSET } from '../access/selection.ts';
import { sha256 } from '../core/digest.ts';
import { canonicalJson, isObject } from '../core/json.ts';
import { ownCall } from '../install/own-call.ts';
import { SIGNALS } from '../server/signals.ts';
import { catalogue } from '../tools/index.ts';
import { readCallArguments } from './call-arguments.ts';
import type { Host } from './command.ts';
import type { CallError, CallOutcome, Connection } from './connection.ts';
import { EXIT, type ExitName } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';
import type { HostedOptions } from './hosted.ts';
import type { SelectingOptions } from './selecting.ts';
import { hostedServer } from './server-url.ts';

/** What decides about the connection and the call. */
export interface UseOptions extends SelectingOptions, HostedOptions {
  readonly arg?: readonly string[];
  readonly jsonArgs?: string;
  readonly confirm?: string;
  /** The file that gets secrets in place of the result. */
  readonly secretsTo?: string;
}

/**
 * Uses what the options name: a hosted server, or the catalogue of this process. All of it, where they do not narrow it: no
 * model has to read it.
 */
async function withConnection(
  host: Host,
  options: UseOptions,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const url = hostedServer(options);
  if (url !== undefined) {
    const { withHostedConnection } = await import('./hosted-connection.ts');
    return withHostedConnection(host, { ...options, url }, use);
  }
  const { toolsets, tools, readOnly, environment, secretsTo } = options;
  const isNarrowed = toolsets !== undefined || tools !== undefined;
  const asked = { toolsets: isNarrowed ? toolsets : WHOLE_TOOLSET, tools, readOnly, environment };
  const { connectOwn } = await import('./own-connection.ts');
  const connection = await connectOwn(host, asked, secretsTo);
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
}

/**
 * Lists the tools.
 * @throws ConfigurationError, CommandFailure
 */
export function listTools(host: Host, options: UseOptions): Promise<void> {
  return withConnection(host, options, async (connection) => {
    const tools = await connection.listTools();
    const rows = tools.map(({ name, effect, scope, title }) => [name, effect, scope ?? '-', title]);
    host.output.result(tools, table([['TOOL', 'EFFECT', 'SCOPE', 'WHAT IT IS FOR'], ...rows]));
  });
}

/**
 * Calls a tool. What takes something away is shown first: a person is asked on a terminal, and others repeat the command with
 * `--confirm`.
 * @throws ConfigurationError, CommandFailure
 */
export async function callTool(host: Host, name: string, options: UseOptions): Promise<void> {
  const { jsonArgs, arg = [] } = options;
  const json = jsonArgs === '-' ? await readAll(host.stdin()) : jsonArgs;
  await withConnection(host, options, async (connection) => {
    const offered = await connection.listTools();
    const schema = offered.find((tool) => tool.name === name)?.inputSchema;
    const args = readCallArguments(arg, json, schema ?? {});
    const onProgress = (message: string) => host.output.say(message);
    const call = (more: Readonly<Record<string, unknown>> = {}) =>
      interruptible((signal) => connection.callTool(name, { ...args, ...more }, { signal, onProgress }));
    const first = await call().catch((error: unknown) => {
      const isUnknown = schema === undefined && error instanceof CommandFailure && error.kind === 'usage';
      throw isUnknown ? unknownTool(error, name, nearestTo(name, names(offered)), options) : error;
    });
    const outcome = first.kind === 'preview' ? await settle(host, first, { name, args, options, call }) : first;
    tell(host, withMeantArguments(outcome, name, args, schema, options));
  });
}

function names(tools: readonly { readonly name: string }[]): readonly string[] {
  return tools.map(({ name }) => name);
}

/** How a server begins to say why a tool that there is cannot be called. */
const WHY = 'Unknown tool: ';

/** Says what there is in place of a tool that there is not. */
function unknownTool(
  { message }: CommandFailure,
  name: string,
  near: readonly string[],
  options: UseOptions,
): CommandFailure {
  const run = ownCall('tools', ...whereOf(options));
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  const isKnown = catalogue.some((tool) => tool.name === name);
  const left = 'is not offered here: the options, the URL or the server leave it out';
  const none = isKnown ? `${name} ${left}.` : `No tool is called ${JSON.stringify(name)}.${meant}`;
  const why = message.includes(WHY) ? message : none;
  return new CommandFailure('usage', `${why}\nTo list the tools, run ${run}`, run);
}

/** With what was probably meant by arguments that are none, and the line that shows those of the tool. */
function withMeantArguments(
  outcome: CallOutcome,
  name: string,
  args: object,
  schema: Readonly<Record<string, unknown>> | undefined,
  options: UseOptions,
): CallOutcome {
  if (outcome.kind !== 'failure' || outcome.error.code !== 'invalid_arguments' || schema === undefined) return outcome;
  const known = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const meant = Object.keys(args)
    .filter((each) => !known.includes(each))
    .map((each) => nearestTo(each, known))
    .filter((near) => near.length > 0)
    .map((near) => ` Did you mean ${near.join(' or ')}?`);
  const { url, environment } = options;
  return {
    ...outcome,
    error: { ...outcome.error, message: outcome.error.message + meant.join('') },
    run: ownCall('tools', ...whereOf({ url: url && withoutNames(url), environment, tools: name }), '--json'),
  };
}

/** The URL of a server without the names of what it offers. */
function withoutNames(text: string): string {
  const url = new URL(text);
  for (const name of ['toolsets', 'tools']) url.searchParams.delete(name);
  return url.href;
}

interface Where extends SelectingOptions {
  readonly url?: string | undefined;
}

/** The options that say where tools are and which, as they were given. */
function whereOf({ url, toolsets, tools, readOnly, environment }: Where): readonly string[] {
  const given = { url, toolsets, tools, environment };
  return [
    ...Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`, value])),
    ...(readOnly === true ? ['--read-only'] : []),
  ];
}

/**
 * Aborts what runs at the first signal to stop, so that it is recorded, the ledger gets its end, and the outcome is told. The
 * second signal ends the process at once.
 */
async function interruptible<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const each of SIGNALS) process.once(each, stop);
  try {
    return await work(stopping.signal);
  } finally {
    for (const each of SIGNALS) process.off(each, stop);
  }
}

type Preview = Extract<CallOutcome, { kind: 'preview' }>;

interface Settling {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly options: UseOptions;
  readonly call: (more: Readonly<Record<string, unknown>>) => Promise<CallOutcome>;
}

/** Does what a preview has shown, if that is agreed to. */
async function settle(host: Host, shown: Preview, { name, args, options, call }: Settling): Promise<CallOutcome> {
  const { confirm } = options;
  const { action, preview, confirmation } = shown.error;
  const value = markOf(name, args, { action, preview });
  if (confirm === value) return call({ confirmation });
  if (confirm === undefined && host.output.isInteractive) {
    if (await agrees(host, shown)) return call({ confirmation });
    return { kind: 'failure', error: { code: shown.error.code, message: 'Nothing has been changed.' } };
  }
  const { confirmation: _, confirmationExpiresAt: __, ...error } = shown.error;
  const message =
    confirm === undefined
      ? `Nothing has been changed yet. Once the person agrees, run the same command with --confirm ${value}.`
      : `Nothing has been changed: --confirm is not the value for what the call would do now. Once the person agrees to that, run it with --confirm ${value}.`;
  return { kind: 'failure', error: { ...error, message, confirm: value }, run: confirming(name, options, value) };
}

/** The same command, confirmed; undefined where its arguments came from stdin. */
function confirming(name: string, options: UseOptions, value: string): string | undefined {
  const { arg = [], jsonArgs, secretsTo } = options;
  if (jsonArgs === '-') return undefined;
  return ownCall(
    ...['call', name, ...whereOf(options), ...arg.flatMap((each) => ['--arg', each])],
    ...(jsonArgs === undefined ? [] : ['--json-args', jsonArgs]),
    ...(secretsTo === undefined ? [] : ['--secrets-to', secretsTo]),
    ...['--confirm', value],
  );
}

/**
 * What stands for a preview on the command line: the same as long as the call would do the same. It is no confirmation, which
 * is made and used within one run.
 */
function markOf(name: string, args: object, shown: object): string {
  return sha256(canonicalJson([name, args, JSON.parse(JSON.stringify(shown))])).slice(0, 20);
}

async function agrees(host: Host, { error }: Preview): Promise<boolean> {
  host.output.say(shownToPeople(error));
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: host.stdin(), output: host.stderr });
  // Ended input is no agreement.
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question('Type yes to do it: '), ended]);
  lines.close();
  return answer.trim().toLowerCase() === 'yes';
}

function shownToPeople({ action, preview }: Pick<Preview['error'], 'action' | 'preview'>): string {
  const lost = preview === undefined ? [] : ['What would be lost:', JSON.stringify(preview, null, 2)];
  return [...(action === undefined ? [] : [action]), ...lost].join('\n');
}

/** Writes the outcome, and sets the exit code. */
function tell({ output, endWith }: Host, outcome: CallOutcome): void {
  if (outcome.kind === 'success') {
    output.result(outcome.data, JSON.stringify(outcome.data, null, 2));
    return;
  }
  const { run: _, ...theirs } = outcome.error;
  const run = outcome.kind === 'failure' ? outcome.run : undefined;
  const error = { ...theirs, ...(run !== undefined && { run }) };
  const { code, message } = error;
  const shown = 'action' in error || 'preview' in error ? `${shownToPeople(error as Preview['error'])}\n` : '';
  output.error(error, `${shown}${code}: ${message}${run === undefined ? '' : `\nRun ${run}`}`);
  endWith(EXIT[exitOf(error)]);
}

/** The codes that say that a permission or a sign-in is missing, and those of what is away for now. */
const DENIED: ReadonlySet<string> = new Set([
  'insufficient_scope',
  'permission_denied',
  'unauthenticated',
  'access_denied',
  'invalid_token',
]);
const AWAY: ReadonlySet<string> = new Set([
  'upstream_unavailable',
  'upstream_timeout',
  'upstream_error',
  'server_error',
  'rate_limited',
  'rate_limit_exceeded',
]);

function exitOf({ code }: CallError): ExitName {
  if (DENIED.has(code)) return 'denied';
  return AWAY.has(code) ? 'unavailable' : 'failed';
}

/** Rows in columns. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
