import { SecretsFile } from '../stdio/secrets-file.ts';
import type { OpenEnvironment } from './environment.ts';
import { CommandFailure } from './failure.ts';

/**
 * Opens the file that secrets are handed over in, if one is named. The environment is closed when that fails.
 * @throws CommandFailure `usage` when it cannot be written
 */
export async function openSecretsFile(
  path: string | undefined,
  { log, close }: Pick<OpenEnvironment, 'log' | 'close'>,
): Promise<SecretsFile | undefined> {
  if (path === undefined) return undefined;
  const file = new SecretsFile(path, log);
  await file.check().catch(async (error: Error) => {
    await close();
    throw new CommandFailure('usage', `--secrets-to: ${error.message}`);
  });
  return file;
}
