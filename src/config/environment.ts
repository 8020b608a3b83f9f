import { config as loadDotenv } from 'dotenv';
import { readSecretFiles } from './files.ts';

/**
 * Reads the process environment, completed by a `.env` file in the working directory and by files that hold secrets.
 * Real variables take precedence over `.env`. No other file reads `process.env`.
 * @param problems gets a line for each problem, to be passed on to `parseConfig`
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
 * Whether spans are exported. OpenTelemetry's exporter reads its variables (`OTEL_…`) from the process environment
 * only, not from `.env`, and so does this function.
 */
export function exportsTraces(): boolean {
  // biome-ignore lint/style/noProcessEnv: this module is the one reader.
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return OTEL_SDK_DISABLED !== 'true' && Boolean(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT);
}
