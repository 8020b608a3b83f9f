import { config as loadDotenv } from 'dotenv';
import { readSecretFiles } from './files.ts';

/**
 * The process environment, completed by a `.env` file in the working directory and by the files that hold secrets;
 * real variables win over `.env`. The only place that reads `process.env`. `problems` are for `parseConfig`.
 */
export function readEnvironment(problems: string[]): Record<string, string | undefined> {
  const fromFile: Record<string, string> = {};
  const { error } = loadDotenv({ quiet: true, processEnv: fromFile });
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'ENOENT') {
    problems.push(`.env: cannot be read (${error.message}).`);
  }
  // biome-ignore lint/style/noProcessEnv: this is the one reader.
  return readSecretFiles({ ...fromFile, ...process.env }, problems);
}

/**
 * Whether spans are to be sent somewhere. What sends them reads its variables, all called `OTEL_…`, from the process
 * alone, and so does this.
 */
export function exportsTraces(): boolean {
  // biome-ignore lint/style/noProcessEnv: this module is the one reader.
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return OTEL_SDK_DISABLED !== 'true' && Boolean(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT);
}
