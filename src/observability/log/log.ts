import { createLogger, format, transports } from 'winston';

type Level = 'error' | 'warn' | 'info' | 'debug';

/** The fields of a line. Never bodies, tokens, secrets or query strings. `banner` is shown only on a terminal. */
type Fields = { readonly banner?: string; readonly [name: string]: unknown };

/** Structured log: each line is an event with fields. */
export type Log = { readonly [L in Level]: (event: string, fields?: Fields) => void };

export interface LogOptions {
  readonly level: Level;
  /** Where the lines are written. The logger writes nowhere else, because in stdio mode stdout carries the protocol. */
  readonly sink: NodeJS.WritableStream;
  /** Whether lines are coloured text for people instead of JSON. */
  readonly pretty: boolean;
  /** Gets the same lines, always as JSON. */
  readonly file?: NodeJS.WritableStream | undefined;
  /** The number of this worker, where several write to one log. It stands in every line. */
  readonly worker?: number | undefined;
}

/** A logger that writes one line per event: JSON, or coloured text for a terminal. */
export function createLog({ level, sink, pretty, file, worker }: LogOptions): Log {
  const jsonLine = jsonLineOf(worker);
  const prettyLine = prettyLineOf(worker);
  const logger = createLogger({
    level,
    format: format.printf(pretty && file === undefined ? prettyLine : jsonLine),
    transports: [
      new transports.Stream({
        stream: sink,
        eol: '\n',
        ...(pretty && file !== undefined && { format: format.printf(prettyLine) }),
      }),
      ...(file === undefined ? [] : [new transports.Stream({ stream: file, eol: '\n' })]),
    ],
  });
  // Levels that are off are made no-ops here, because Winston formats a line before it checks the level.
  const at = (lineLevel: Level) =>
    logger.isLevelEnabled(lineLevel)
      ? (event: string, fields?: Fields) => void logger.log({ level: lineLevel, message: event, fields })
      : () => undefined;
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

interface Line {
  level: string;
  message?: unknown;
  fields?: Fields;
}

/** Formats lines of JSON; those of a worker begin with its number. */
function jsonLineOf(worker: number | undefined): (line: Line) => string {
  const who = worker === undefined ? '' : `,"worker":${worker}`;
  return ({ level, message, fields }) => {
    const head = `{"timestamp":"${new Date().toISOString()}","level":"${level}","event":${JSON.stringify(message)}${who}`;
    // The fields are serialized separately instead of being copied into one object: every request writes such a line.
    const facts =
      JSON.stringify(fields, fields !== undefined && 'banner' in fields ? withoutBanner : undefined) ?? '{}';
    return withEscapes(facts === '{}' ? `${head}}` : `${head},${facts.slice(1)}`);
  };
}

function withoutBanner(key: string, value: unknown): unknown {
  return key === 'banner' ? undefined : value;
}

const COLOURS: Readonly<Record<string, number>> = { error: 31, warn: 33, info: 36, debug: 90 };

function prettyLineOf(worker: number | undefined): (line: Line) => string {
  return ({ level, message, fields = {} }) => prettyLine({ level, message, fields: { worker, ...fields } });
}

function prettyLine({ level, message, fields = {} }: Line): string {
  const time = new Date().toISOString().slice(11, 23);
  const { banner, ...rest } = fields;
  const facts = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `\u001b[90m${key}=\u001b[0m${printable(asReadmeCallsIt(value))}`);
  const line = [`\u001b[90m${time}\u001b[0m`, `\u001b[${COLOURS[level] ?? 0}m${String(message)}\u001b[0m`, ...facts];
  return [line.join(' '), ...(typeof banner === 'string' ? [banner] : [])].join('\n');
}

/** The address of this machine, by the name that documentation and clients use. */
function asReadmeCallsIt(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^http:\/\/127\.0\.0\.1(?=:)/, 'http://localhost') : value;
}

/** Text from requests must not be able to move the cursor of a terminal or change colours. */
function printable(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : withEscapes(JSON.stringify(value));
}

const BEYOND_PLAIN = /[^\x20-\x7e]/;
/** Control and format characters, such as those that change the direction of text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same JSON, with escapes for all characters that could change how a line is displayed. */
function withEscapes(json: string): string {
  if (!BEYOND_PLAIN.test(json)) return json;
  return json.replace(INVISIBLE, (char) => [...Array(char.length).keys()].map((i) => escaped(char, i)).join(''));
}

function escaped(char: string, index: number): string {
  return `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`;
}
