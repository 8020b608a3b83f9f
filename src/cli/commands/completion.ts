import { Argument } from 'commander';
import type { AddCommand } from '../command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HELP = `
  bash: source <(scalekit-mcp completion bash)      in ~/.bashrc
  zsh:  source <(scalekit-mcp completion zsh)       in ~/.zshrc, behind compinit
  fish: scalekit-mcp completion fish | source       in ~/.config/fish/config.fish`;

/** `completion`: what makes a shell complete the command line of this program. */
export const addCompletion: AddCommand = (program, { output }) => {
  program
    .command('completion')
    .description('print a script that completes commands, options, tools and clients in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('../completing.ts');
      const script = completionScript(shell, program);
      output.result({ shell, script }, script);
    });
};
