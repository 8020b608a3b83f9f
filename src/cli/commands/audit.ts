import type { AddCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';

/** `audit verify`: follows the chain of an audit ledger. */
export const addAudit: AddCommand = (program, { output, endWith }) => {
  program
    .command('audit')
    .description('check audit ledgers')
    .command('verify')
    .description('follow the chain of an audit ledger through its files, oldest first, to the first broken link')
    .argument('<file...>', 'the files of the ledger, oldest first')
    .option('--after <hash>', 'the hash of the record before the first one, where older files are gone')
    .option('--interleaved', 'several processes have written here, each a chain of its own')
    .action(async (files: string[], options: { readonly after?: string; readonly interleaved?: boolean }) => {
      if (options.interleaved === true && options.after !== undefined) {
        throw new CommandFailure('usage', 'Give --after or --interleaved, not both: one hash begins one chain.');
      }
      const { verifyFiles } = await import('../ledger-verdict.ts');
      const { verdict, isWhole, lines } = await verifyFiles(files, options).catch((error: Error) => {
        throw new CommandFailure('usage', `The ledger was not verified: ${error.message}`);
      });
      if (isWhole || output.isJson) output.result(verdict, lines.join('\n'));
      else output.say(lines.join('\n'));
      endWith(isWhole ? EXIT.ok : EXIT.failed);
    });
};
