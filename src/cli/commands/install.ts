import type { Command } from 'commander';
import { SCOPES, type Scope, SERVER_NAME } from '../../install/setup.ts';
import type { AddCommand } from '../command.ts';
import { CommandFailure } from '../failure.ts';

const CLIENT = 'the client, such as claude-code, cursor or vs-code (install --list names all)';

/** `install`: gives a client this server. */
export const addInstall: AddCommand = (program, host) => {
  const command = program
    .command('install')
    .description('add this server to a client: an editor, an assistant, an agent')
    .argument('[client]', CLIENT)
    .option('--list', 'list the clients on this machine, and where this server is installed')
    .option('--url <url>', 'the address of the server, as https://…/mcp; SCALEKIT_MCP_URL is used without it')
    .option('--toolsets <names>', 'offer these toolsets alone, separated by commas')
    .option('--tools <names>', 'offer these tools alone, separated by commas')
    .option('--read-only', 'offer nothing that changes anything')
    .option('--environment <id>', 'keep every call in one environment (env_…)')
    .option('--stdio', 'let the client start a bridge to the server, instead of connecting to it itself');
  usual(command).action(async (client: string | undefined, options: InstallOptions) => {
    const { install, listClients } = await import('../installing.ts');
    if (options.list !== true) return install(client, withScope(options), host);
    if (client !== undefined) throw new CommandFailure('usage', 'Name a client, or give --list: not both.');
    return listClients(withScope(options), host);
  });
};

/** `uninstall`: takes this server out of a client. */
export const addUninstall: AddCommand = (program, host) => {
  const command = program
    .command('uninstall')
    .description('take this server out of a client')
    .argument('<client>', CLIENT);
  usual(command).action(async (client: string, options: UsualOptions) => {
    const { uninstall } = await import('../installing.ts');
    return uninstall(client, withScope(options), host);
  });
};

interface UsualOptions {
  readonly name: string;
  readonly scope: string;
  readonly project?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

interface InstallOptions extends UsualOptions {
  readonly list?: boolean;
  readonly url?: string;
  readonly toolsets?: string;
  readonly tools?: string;
  readonly readOnly?: boolean;
  readonly environment?: string;
  readonly stdio?: boolean;
}

function usual(command: Command): Command {
  return command
    .option('--name <name>', 'the name that the server has in the client', 'scalekit')
    .option(
      '--scope <scope>',
      'user: for all your projects; project: in this folder, for everybody; local: for you in this folder',
      'user',
    )
    .option('--project <folder>', 'the folder of the project, where it is another than this one')
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('-y, --yes', 'do it without asking');
}

/** @throws CommandFailure for a scope or a name that is none */
function withScope<Options extends UsualOptions>(options: Options) {
  const { scope, name } = options;
  if (!isScope(scope)) {
    throw new CommandFailure('usage', `--scope is user, project or local, not ${JSON.stringify(scope)}.`);
  }
  if (!SERVER_NAME.test(name)) {
    throw new CommandFailure('usage', '--name is made of letters, digits, - and _, 60 at most.');
  }
  return { ...options, scope };
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
