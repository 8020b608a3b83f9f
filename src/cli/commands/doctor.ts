import type { AddCommand } from '../command.ts';

/** `doctor`: finds out what is wrong, and mends what is safe to mend. */
export const addDoctor: AddCommand = (program, host) => {
  program
    .command('doctor')
    .description('find out what is wrong: settings, Scalekit, a server, sign-ins, and its entries in clients')
    .option('--url <url>', 'a server to look at as clients see it; SCALEKIT_MCP_URL is used without it')
    .option('--name <name>', 'the name that the server has in clients', 'scalekit')
    .option('--fix', 'mend what is safe to mend: permissions of the ledger and of sign-ins, the form of entries')
    .option('-y, --yes', 'mend it without asking')
    .action(async (options: { url?: string; name: string; fix?: boolean; yes?: boolean }) => {
      const { diagnose } = await import('../doctor/doctor.ts');
      await diagnose(options, host);
    });
};
