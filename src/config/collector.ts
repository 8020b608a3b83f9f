import { parseUrl } from '../core/parse-url.ts';
import { isSet } from './near-misses.ts';
import type { Problems } from './problems.ts';

/** Where OpenTelemetry's exporter sends spans: the first of these that is set. */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const PROTOCOLS = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks the collector of spans, which would otherwise get none without a word. Its URL may hold a password, so that it is
 * not quoted.
 * @param problems gets a line when it is no URL of a collector
 * @param warnings gets a line when the collector is to be spoken to in another protocol than this server has
 */
export function checkCollector(env: Environment, problems: Problems, warnings: string[]): void {
  const name = ENDPOINTS.find((variable) => isSet(env, variable));
  if (name === undefined || env['OTEL_SDK_DISABLED'] === 'true') return;
  if (!isHttp(env[name] ?? '')) {
    problems.of(name, 'must be the http or https URL of a collector, such as http://localhost:4318.');
    return;
  }
  const protocol = PROTOCOLS.find((variable) => isSet(env, variable));
  if (protocol !== undefined && env[protocol]?.trim() === 'grpc') {
    warnings.push(
      `${protocol}: not used. Spans are sent with OTLP over HTTP, as JSON, so that ${name} has to lead to the HTTP port of the collector, usually 4318, and not to that of gRPC.`,
    );
  }
}

function isHttp(value: string): boolean {
  const url = parseUrl(value.trim());
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
}
