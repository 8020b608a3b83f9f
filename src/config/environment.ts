import { resolve } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import { readSecretFiles } from './files.ts';
import type { Problems } from './problems.ts';

/** Where a `.env` file was looked for, and whether it was there. */
export interface EnvFile {
  readonly path: string;
  readonly isRead: boolean;
  /** Variables in it that Node.js and libraries read from the process alone, where they are missing. */
  readonly idle?: readonly string[];
}

/** The variables of this process, and where they come from. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly envFile: EnvFile;
}

/**
 * Reads the process environment, completed by a `.env` file in the working directory and by files that hold secrets.
 * Real variables take precedence over `.env`. No other file reads `process.env`.
 * @param problems gets a line for each problem, to be passed on to `parseConfig`
 */
export function readEnvironment(problems: Problems): Environment {
  const path = resolve('.env');
  const fromFile: Record<string, string> = {};
  const { error } = loadDotenv({ path, quiet: true, processEnv: fromFile });
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'ENOENT') {
    problems.of('.env', `cannot be read (${error.message}).`);
  }
  // biome-ignore lint/style/noProcessEnv: this is the one reader.
  const variables = readSecretFiles({ ...fromFile, ...process.env }, problems);
  // biome-ignore lint/style/noProcessEnv: this is the one reader.
  const idle = Object.keys(fromFile).filter((name) => OF_THE_PROCESS.test(name) && process.env[name] === undefined);
  return { variables, envFile: { path, isRead: error === undefined, idle } };
}

/**
 * The variables of this process alone, without those of a `.env` file: for what a project at hand must not decide, such
 * as which programs are run and which folders of a person are written to.
 */
export function processVariables(): Environment['variables'] {
  // biome-ignore lint/style/noProcessEnv: this module is the one reader.
  return { ...process.env };
}

/** What `.env` cannot set: Node.js has read it before, or a library reads it from the process. */
const OF_THE_PROCESS = /^(https?_proxy|no_proxy|NODE_(OPTIONS|EXTRA_CA_CERTS|USE_\w+|TLS_\w+)|OTEL_\w+)$/i;

/** Warns of lines of `.env` that have no effect there. */
export function warnOfIdleLines(envFile: EnvFile | undefined, warnings: string[]): void {
  const { path, idle = [] } = envFile ?? { path: '' };
  if (idle.length === 0) return;
  const [these, are] = idle.length > 1 ? ['these variables', 'are'] : ['this variable', 'is'];
  warnings.push(
    `${idle.join(', ')}: not used, because ${these} ${are} read from the process alone, and not from ${path}. Set ${idle.length > 1 ? 'them' : 'it'} where the server is started: in the shell, the unit or the container.`,
  );
}

/**
 * Whether spans are exported. OpenTelemetry's exporter reads its variables (`OTEL_…`) from the process environment
 * only, not from `.env`, and so does this function.
 */
export function exportsTraces(): boolean {
  // biome-ignore lint/style/noProcessEnv: this module is the one reader.
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return OTEL_SDK_DISABLED !== 'true' && Boolean(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT);
}
