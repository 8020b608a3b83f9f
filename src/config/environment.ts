import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { readSecretFiles, SECRET_FILES, SECRETS } from './files.ts';
import type { Problems } from './problems.ts';

interface Repeated {
  readonly name: string;
  readonly lines: readonly number[];
}

/** Where a `.env` file was looked for, and whether it was there. */
export interface EnvFile {
  readonly path: string;
  readonly isRead: boolean;
  /** Why it does not take part, though it is there. */
  readonly whyNot?: string;
  /** Variables in it that Node.js and libraries read from the process alone, where they are missing. */
  readonly idle?: readonly string[];
  /** Variables in it that name files to be written, in a folder that may be somebody else's. */
  readonly refused?: readonly string[];
  /** Variables that it sets several times, with the numbers of those lines. The last one counts. */
  readonly repeated?: readonly Repeated[];
}

/**
 * Who starts this process, and so whose the working folder is. `server`: an operator, in a folder of his own. `command`: a
 * person or an MCP client, in whatever folder they work on, such as a repository of somebody else. `doctor`: the same, but
 * nothing is written.
 */
export type StartedAs = 'server' | 'command' | 'doctor';

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
export function readEnvironment(problems: Problems, as: StartedAs): Environment {
  const path = resolve('.env');
  const text = readEnvFile(path, problems, as);
  const fromFile = parse(text ?? '');
  // The file of somebody else's folder may be for other programs.
  if (as === 'server') checkLines(text ?? '', fromFile, { path, problems });
  // biome-ignore lint/style/noProcessEnv: this is the one reader.
  const { variables, ...told } = completed(process.env, { path, variables: fromFile }, problems, as);
  const repeated = as === 'server' ? repeatedIn(text ?? '') : [];
  return { variables, envFile: { path, isRead: text !== undefined && told.whyNot === undefined, ...told, repeated } };
}

/** @returns undefined where there is none, or it cannot be read, which `problems` then says */
function readEnvFile(path: string, problems: Problems, as: StartedAs): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: as === 'server' }).decode(readFileSync(path));
    // What Windows calls Unicode (UTF-16) has one in each letter.
    if (text.includes('\0')) throw new TypeError();
    return text;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const isText = !(error instanceof TypeError);
    problems.of(
      '.env',
      isText ? `cannot be read (${message}).` : `${path} is not text in UTF-8. Save it anew in that encoding.`,
    );
    return undefined;
  }
}

/** Finds lines that set nothing: what they were to set would be missing in silence, and the sandbox might answer. */
export function checkLines(
  text: string,
  variables: Readonly<Record<string, string>>,
  { path, problems }: { readonly path: string; readonly problems: Problems },
): void {
  const ofSeveralLines = Object.values(variables).filter((value) => value.includes('\n'));
  const unread = text.split(/\r\n|\n|\r/).flatMap((line, at) => {
    const trimmed = line.trim();
    const isMeant = trimmed.includes('=') && !trimmed.startsWith('#') && Object.keys(parse(line)).length === 0;
    return isMeant && !ofSeveralLines.some((value) => value.includes(trimmed)) ? [at + 1] : [];
  });
  if (unread.length === 0) return;
  const [lines, set] = unread.length > 1 ? ['lines', 'set'] : ['line', 'sets'];
  problems.of(
    '.env',
    `${lines} ${unread.join(', ')} of ${path} ${set} nothing. Write NAME=value, with nothing before the name.`,
  );
}

/** A value that begins with a quotation mark and does not end in this line. */
const OPENS_TEXT = /^[^=:#]*(?:=|:\s)\s*(["'`])(?:(?!\1).)*$/;

/** Finds the variables that a `.env` file sets several times. */
export function repeatedIn(text: string): readonly Repeated[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const places = new Map<string, number[]>();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const [name] = Object.keys(parse(line));
    if (name === undefined) continue;
    places.set(name, [...(places.get(name) ?? []), i + 1]);
    const quote = OPENS_TEXT.exec(line)?.[1];
    const end = quote === undefined ? -1 : lines.findIndex((later, at) => at > i && later.includes(quote));
    if (end > 0) i = end;
  }
  return [...places].flatMap(([name, found]) => (found.length > 1 ? [{ name, lines: found }] : []));
}

type Variables = Environment['variables'];

/**
 * Completes the variables of a process by those of a `.env` file, and by the secrets in the files that they name. Where the
 * folder may be somebody else's, its `.env` decides neither where a secret of the process goes, nor which files are read as
 * secrets or written.
 */
export function completed(
  ofProcess: Variables,
  { path, variables: fromFile }: { readonly path: string; readonly variables: Readonly<Record<string, string>> },
  problems: Problems,
  as: StartedAs,
): { readonly variables: Variables } & Pick<EnvFile, 'whyNot' | 'idle' | 'refused'> {
  const isUnset = (name: string) => ofProcess[name] === undefined;
  const held = as === 'server' ? [] : SECRETS.filter((name) => ofProcess[name]?.trim());
  if (held.length > 0) {
    const variables = readSecretFiles(ofProcess, problems);
    if (Object.keys(fromFile).every((name) => !isUnset(name))) return { variables };
    const whyNot = `${held.join(' and ')} ${held.length > 1 ? 'are' : 'is'} set for this process, and a file of the working folder must not say where a secret goes. Set everything for the process, or everything in the file`;
    return { variables, whyNot };
  }
  const names = Object.keys(fromFile).filter(isUnset);
  const toRead = as === 'server' ? [] : names.filter((name) => SECRET_FILES.includes(name) && fromFile[name]?.trim());
  for (const name of toRead) {
    problems.of(
      name,
      `not taken from ${path}, because a file of the working folder must not say which file is read as a secret. Set everything for the process (a process that has a secret reads no line of this file), or the secret itself in the file.`,
      name.replace(/_FILE$/, ''),
    );
  }
  const refused = as === 'command' ? names.filter((name) => writesFile(name, fromFile[name])) : [];
  const left = new Set([...toRead, ...refused]);
  const taken = Object.fromEntries(Object.entries(fromFile).filter(([name]) => !left.has(name)));
  const variables = readSecretFiles({ ...taken, ...ofProcess }, problems);
  return { variables, idle: names.filter((name) => OF_THE_PROCESS.test(name)), refused };
}

/** Whether a variable names a file or folder that is written to. */
function writesFile(name: string, value = ''): boolean {
  if (name === 'AUDIT_LOG') return !['', 'off', 'stderr'].includes(value.trim());
  return ['LOG_FILE', 'DOCS_CACHE_DIR'].includes(name) && value.trim() !== '';
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

/** Warns of what of `.env` has no effect. */
export function warnOfIdleLines(envFile: EnvFile | undefined, warnings: string[]): void {
  const { path, whyNot, idle = [], refused = [], repeated = [] } = envFile ?? { path: '' };
  for (const { name, lines } of repeated) {
    warnings.push(`${name}: set in lines ${inWords(lines)} of ${path}, of which the last one counts.`);
  }
  if (whyNot !== undefined) warnings.push(`${path}: not read, because ${whyNot}.`);
  if (refused.length > 0) {
    warnings.push(
      `${refused.join(', ')}: not taken from ${path}, because a file of the working folder must not say which files are written. Set ${refused.length > 1 ? 'them' : 'it'} for the process.`,
    );
  }
  if (idle.length === 0) return;
  const [these, are] = idle.length > 1 ? ['these variables', 'are'] : ['this variable', 'is'];
  warnings.push(
    `${idle.join(', ')}: not used, because ${these} ${are} read from the process alone, and not from ${path}. Set ${idle.length > 1 ? 'them' : 'it'} where the server is started: in the shell, the unit or the container.`,
  );
}

function inWords(lines: readonly number[]): string {
  return `${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
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
