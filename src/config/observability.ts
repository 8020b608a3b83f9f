import { resolve } from 'node:path';
import type { Problems } from './problems.ts';
import { isLedgerFile } from './same-file.ts';
import { host, hostNames, port, text, type ValuesOf } from './values.ts';

// The settings of metrics and logs. As everywhere in the configuration, error messages never quote a value.

/** An address that serves metrics. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
  /** Host names (no port) accepted in the `Host` header, besides those of the address itself. */
  readonly allowedHosts: readonly string[];
}

/** Where metrics are served, and where the log is written in addition to stdout. */
export interface ObservabilityConfig {
  /** The address that serves metrics. Unset: none are collected. */
  readonly metrics: MetricsAddress | undefined;
  /** A file that gets the lines of the log as well. */
  readonly logFile: string | undefined;
}

export const OBSERVABILITY_VARIABLES = {
  METRICS_PORT: port.optional(),
  METRICS_HOST: host.optional(),
  METRICS_ALLOWED_HOSTS: hostNames.optional(),
  LOG_FILE: text.optional(),
} as const;

type Values = ValuesOf<typeof OBSERVABILITY_VARIABLES>;

/**
 * Reads the settings from the variables.
 * @param values each checked by its own schema
 * @param problems gets a line for each port or file that is used twice
 * @param warnings gets a line where something is said of metrics that nobody can read
 */
export function readObservability(
  values: Values & {
    readonly PORT: number;
    readonly SANDBOX_PORT: number;
    readonly AUDIT_LOG: string;
    readonly WORKERS: number;
    readonly SCALEKIT_ENV_URL?: string | undefined;
  },
  problems: Problems,
  warnings: string[],
): ObservabilityConfig {
  const { METRICS_PORT: metricsPort, LOG_FILE: logFile } = values;
  for (const name of ['PORT', 'SANDBOX_PORT'] as const) {
    if (metricsPort !== values[name] || metricsPort === 0) continue;
    if (name === 'SANDBOX_PORT' && values.SCALEKIT_ENV_URL !== undefined) continue;
    problems.between(
      ['METRICS_PORT', name, 'SCALEKIT_ENV_URL'],
      `METRICS_PORT: ${metricsPort} is ${name} already. Give the metrics a port of their own.`,
    );
  }
  const { AUDIT_LOG: ledger, WORKERS: workers } = values;
  if (logFile !== undefined && resolve(logFile) === resolve(ledger)) {
    problems.between(
      ['LOG_FILE', 'AUDIT_LOG'],
      'LOG_FILE: it is the file of AUDIT_LOG already. Give each a file of its own.',
    );
  } else if (logFile !== undefined && isFile(ledger) && isLedgerFile(logFile, ledger, workers)) {
    problems.between(
      ['LOG_FILE', 'AUDIT_LOG'],
      'LOG_FILE: it leads to a file of the ledger that AUDIT_LOG names (to itself, a full file, its lock, or the one of a worker). Give each a file of its own.',
    );
  }
  return { metrics: readMetrics(values, warnings), logFile };
}

function readMetrics(values: Values, warnings: string[]): MetricsAddress | undefined {
  const { METRICS_PORT: metricsPort, METRICS_HOST: address = '127.0.0.1' } = values;
  if (metricsPort !== undefined) {
    return { host: address, port: metricsPort, allowedHosts: values.METRICS_ALLOWED_HOSTS ?? [] };
  }
  const idle = (['METRICS_HOST', 'METRICS_ALLOWED_HOSTS'] as const).filter((name) => values[name] !== undefined);
  if (idle.length > 0) {
    warnings.push(
      `${idle.join(', ')}: not used, because METRICS_PORT is not set, and without it no metrics are served. Set METRICS_PORT, such as 9464, or unset this.`,
    );
  }
  return undefined;
}

function isFile(ledger: string): boolean {
  return ledger !== 'stderr' && ledger !== 'off';
}
