import { exportsTraces } from './config/environment.ts';
import { onShutdown } from './core/shutdown-hooks.ts';
import { version } from './core/version.ts';

// Loaded in front of the server, `node --import ./dist/tracing.js dist/main.js`: the server finds out at start whether
// somebody collects its spans. Where they are not to be sent anywhere, nothing is loaded, and none are made.

if (exportsTraces()) await collectSpans();

async function collectSpans(): Promise<void> {
  const [{ trace }, { detectResources, envDetector, resourceFromAttributes }, sdk, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  const own = resourceFromAttributes({ 'service.name': 'scalekit-mcp-server', 'service.version': version });
  // Endpoint, headers, sampler and the rest come from the variables that OpenTelemetry has for them.
  const provider = new sdk.BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  onShutdown(() => provider.shutdown());
}
