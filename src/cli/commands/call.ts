import { Argument } from 'commander';
import { ownCall } from '../../install/own-call.ts';
import type { AddCommand } from '../command.ts';
import type { HostedOptions } from '../hosted.ts';
import { type SelectingOptions, selecting } from '../selecting.ts';
import { atServer, signingIn } from './signing-in.ts';

interface CallOptions extends SelectingOptions, HostedOptions {
  readonly arg?: readonly string[];
  readonly jsonArgs?: string;
  readonly confirm?: string;
  readonly secretsTo?: string;
}

const examples = (call: string) => `
Examples:
  ${call} list_organizations --arg query=acme
  ${call} create_organization --json-args '{"name": "Acme", "metadata": {"plan": "gold"}}'
  ${call} delete_organization --arg organizationId=org_1   shows what would be lost, and asks
  ${call} whoami --url https://mcp.example.com/mcp`;

/** `call`: one call of a tool. */
export const addCall: AddCommand = (program, host) => {
  const command = program
    .command('call')
    .description('call a tool, of a hosted server or of this one, and print its result');
  signingIn(atServer(selecting(command)))
    .addArgument(new Argument('<tool>', 'its name, as tools lists it'))
    .option('--arg <name=value>', 'an argument; may be given several times', gather)
    .option('--json-args <json>', 'arguments as a JSON object; - reads it from stdin')
    .option(
      '--confirm <value>',
      'do what the call has shown before, if it would still do the same; the value came with that',
    )
    .option('--secrets-to <file>', 'write secrets that the tool makes into this file of variables, not into the result')
    .addHelpText('after', examples(ownCall('call')))
    .action(async (tool: string, options: CallOptions) => {
      const { callTool } = await import('../use-tools.ts');
      await callTool(host, tool, options);
    });
};

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
