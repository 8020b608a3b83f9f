import { version } from '../core/version.ts';

const USAGE = `Usage: node dist/main.js [--check | --help | --version]

Serves MCP over HTTP. It takes no other arguments: settings are environment variables, or lines of a file called .env
in the working folder. .env.example explains every one. Without SCALEKIT_ENV_URL it serves on an embedded sandbox with
fictional data. It ends with 78 when the settings cannot be used.

  --check   reads the settings as a start would, says what is wrong with them or doubtful, and starts nothing`;

/**
 * What the arguments of the server ask for: a text, a refusal of what is not known, a check of the settings, or
 * (undefined) to serve.
 */
export type Asked = { readonly text: string; readonly isRefusal: boolean } | 'check' | undefined;

/** Reads the arguments of the server. */
export function readOptions(args: readonly string[]): Asked {
  const unknown = args.find((arg) => !['--check', '--help', '-h', '--version', '-v'].includes(arg));
  if (unknown !== undefined) return { text: `Unknown argument: ${unknown}\n\n${USAGE}`, isRefusal: true };
  const [first] = args;
  if (first === undefined) return undefined;
  if (args.every((arg) => arg === '--check')) return 'check';
  return { text: args.includes('--help') || args.includes('-h') ? USAGE : version, isRefusal: false };
}
