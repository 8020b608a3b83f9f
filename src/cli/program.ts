import { Command, CommanderError, Help } from 'commander';
import { build } from '../core/version.ts';
import { ownCall, PROGRAM } from '../install/own-call.ts';
import type { Host } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-codes.ts';

const SETTINGS = `
Without a command it serves. Settings are environment variables, or lines of a file called .env in the working folder;
.env.example explains every one. Without SCALEKIT_ENV_URL it uses an embedded sandbox with fictional data.

Exit codes: ${EXIT.ok} done, ${EXIT.failed} the outcome is a failure, ${EXIT.usage} wrong command line, ${EXIT.unavailable} a server is away, ${EXIT.denied} sign-in or a
permission is missing, ${EXIT.configuration} the settings cannot be used.`;

/** Puts the program together: every command, its options and its help. */
export function createProgram(host: Host): Command {
  const { output } = host;
  const program = new Command(PROGRAM)
    .description('Manage a Scalekit workspace through MCP: serve it, or use its tools from here.')
    .version(build, '-v, --version', 'say the version')
    .helpOption('-h, --help', 'say how it is used')
    .helpCommand('help [command]', 'say how a command is used')
    .option('--json', 'write the result, or the error, as one JSON value to stdout')
    .addHelpText('after', SETTINGS)
    .configureHelp({ showGlobalOptions: true, commandUsage: usageOf })
    .configureOutput({
      writeOut: (text) => output.plain(text),
      writeErr: (text) => output.isJson || output.say(text),
      outputError: (text) => output.failure({ kind: 'usage', text: text.trimEnd() }),
    })
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of COMMANDS) add(program, host);
  leadToHelp(program, []);
  return program;
}

/** Lets each command that is used wrongly say what line tells how it is used. */
function leadToHelp(command: Command, path: readonly string[]): void {
  command.showHelpAfterError(`To see how it is used, run ${ownCall('help', ...path)}`);
  for (const below of command.commands) leadToHelp(below, [...path, below.name()]);
}

/**
 * Runs what the arguments ask for. Resolves when the command is over, or serves; the exit code is set.
 * @param args the arguments behind the name of the program
 */
export async function runProgram(args: readonly string[], host: Host): Promise<void> {
  try {
    const program = createProgram(host);
    await program.parseAsync(withCommand(asOption(args, program)), { from: 'user' });
  } catch (error) {
    // Help and the version that were asked for end like errors too, with 0.
    if (error instanceof CommanderError) host.endWith(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
    else host.fail(error);
  }
}

/** Arguments that are options alone are those of `serve`, but for those that the program answers itself. */
function withCommand(args: readonly string[]): readonly string[] {
  const isAnswered = ['-h', '--help', '-v', '--version'].some((option) => args.includes(option));
  return isAnswered || args.some((arg) => !arg.startsWith('-')) ? args : ['serve', ...args];
}

/** The usage of a command, as a person calls it on this machine. */
function usageOf(command: Command): string {
  return new Help().commandUsage(command).replace(PROGRAM, () => ownCall());
}

/** `help audit verify` as `audit verify --help`: of itself, the library reads one name. What is no command is left to be refused. */
function asOption([first, ...names]: readonly string[], program: Command): readonly string[] {
  if (first !== 'help') return first === undefined ? names : [first, ...names];
  const path: string[] = [];
  let command = program;
  for (const name of names) {
    // What stands behind a command that has none below it is an argument of it.
    if (command.commands.length === 0) break;
    path.push(name);
    const below = command.commands.find((one) => one.name() === name);
    if (below === undefined) return path;
    command = below;
  }
  return [...path, '--help'];
}
