import { demandNode } from './core/node-version.ts';

// Loaded before the server: `node --import ./dist/tracing.js dist/main.js`. It registers a tracer provider, which the
// server looks for at start. Unless the environment names an OTLP endpoint, nothing is loaded, and no spans are made.

demandNode();
const { exportsTraces } = await import('./config/environment.ts');
if (exportsTraces()) await collectSpans();

async function collectSpans(): Promise<void> {
  const { onShutdown } = await import('./core/shutdown-hooks.ts');
  const { version } = await import('./core/version.ts');
  const { spansExported } = await import('./observability/trace/exports.ts');
  const [{ trace }, { detectResources, envDetector, resourceFromAttributes }, sdk, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  const own = resourceFromAttributes({ 'service.name': 'scalekit-mcp-server', 'service.version': version });
  // Endpoint, headers, sampler and other settings come from OpenTelemetry's own variables (`OTEL_…`).
  const exporter = new OTLPTraceExporter();
  const provider = new sdk.BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        export: (spans, done) =>
          exporter.export(spans, (result) => {
            spansExported(result.code === 0 ? undefined : (result.error ?? 'no reason given'));
            done(result);
          }),
        forceFlush: () => exporter.forceFlush(),
        shutdown: () => exporter.shutdown(),
      }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  onShutdown(() => provider.shutdown());
}
