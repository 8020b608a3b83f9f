import { type AskedByOptions, BadSelection } from '../access/select.ts';
import { parseConfig } from '../config/config.ts';
import { type Audit, openAudit } from '../observability/audit/ledger.ts';
import type { Log } from '../observability/log/log.ts';
import { logTo } from '../observability/log/outputs.ts';
import { content } from '../resources/index.ts';
import { DisposalStack } from '../server/disposal-stack.ts';
import { connectOrStartSandbox } from '../server/sandbox.ts';
import { type OpenCatalogue, openCatalogue } from '../stdio/catalogue.ts';
import { catalogue } from '../tools/index.ts';
import type { Host } from './command.ts';
import { CommandFailure } from './failure.ts';
import { readSettings, type Settings } from './settings.ts';

/** The catalogue of the environment that the settings name, with what has to be closed again. */
export interface OpenEnvironment {
  readonly catalogue: OpenCatalogue;
  readonly settings: Settings;
  readonly log: Log;
  /** Aborts what runs, writes the ledger to its end, and closes everything. */
  close(): Promise<void>;
  /** Resolves when the log is written. */
  flush(): Promise<unknown>;
}

export interface OpenOptions {
  readonly asked: AskedByOptions;
  /**
   * `session`: the log and the ledger are those of a server. `command`: a person waits for one answer, so the log tells only
   * what is wrong, unless LOG_LEVEL says otherwise, and nothing is recorded of the sandbox, unless AUDIT_LOG asks for it. That
   * it is the sandbox is said to people by the command itself.
   */
  readonly for: 'session' | 'command';
}

const ON_SANDBOX = 'On the embedded sandbox: nothing here is real or kept.';

/** The environment of a command names no port, and the sandbox puts this into its metadata alone. */
const NO_RESOURCE = 'http://127.0.0.1/mcp';

/**
 * Opens the catalogue with the credentials of the settings' environment, or with the embedded sandbox where they name none.
 * Log and ledger go to stderr.
 * @throws ConfigurationError, CommandFailure `usage` when the options name what does not exist, and errors of files
 */
export async function openEnvironment(host: Host, { asked, for: use }: OpenOptions): Promise<OpenEnvironment> {
  const settings = use === 'command' ? quiet(readSettings('command')) : readSettings('command');
  const { config } = settings;
  const { write, isTerminal } = host;
  const { log, flush } = await logTo(write.stderr, config, isTerminal.stderr, (line) => host.output.say(line));
  const opened = new DisposalStack();
  const audit = await openAudit({ config: config.audit, stderr: write.stderr, log });
  const close = async () => {
    await opened.close();
    // Last, so that calls which closing the others interrupts are recorded as well.
    await audit.close();
  };
  try {
    const open = await openWith(host, { settings, log, audit, asked }, opened);
    audit.started();
    if (use === 'command' && config.scalekit.kind === 'sandbox' && !host.output.isJson) host.output.say(ON_SANDBOX);
    return { catalogue: open, settings, log, close, flush };
  } catch (error) {
    await close();
    throw error instanceof BadSelection ? new CommandFailure('usage', error.message) : error;
  }
}

interface Opening {
  readonly settings: Settings;
  readonly log: Log;
  readonly audit: Audit;
  readonly asked: AskedByOptions;
}

async function openWith(
  { startSandbox }: Host,
  { settings: { config }, log, audit, asked }: Opening,
  opened: DisposalStack,
): Promise<OpenCatalogue> {
  const { scalekit, sandbox } = await connectOrStartSandbox(config, log, NO_RESOURCE, startSandbox);
  opened.add(() => sandbox?.close());
  const open = openCatalogue({ config, scalekit, log, audit, catalogue, content, asked });
  opened.add(() => open.close());
  for (const warning of config.warnings) log.warn('configuration', { warning });
  return open;
}

/** The settings of a command that answers once. */
function quiet(settings: Settings): Settings {
  const { variables, config, envFile } = settings;
  const isSet = (name: string) => Boolean(variables[name]?.trim());
  const isRecorded = config.scalekit.kind === 'live' || isSet('AUDIT_LOG') || isSet('AUDIT_REQUIRED');
  const changed = {
    ...variables,
    ...(!isSet('LOG_LEVEL') && { LOG_LEVEL: 'error' }),
    ...(!isRecorded && { AUDIT_LOG: 'off' }),
  };
  return { ...settings, variables: changed, config: parseConfig(changed, undefined, envFile, undefined, 'stdio') };
}
