import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { bodyOf, listening } from '../fixtures/listening.ts';
import { ROOT, runScript } from '../fixtures/process.ts';
import { callTool } from '../fixtures/rpc.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

/** As the image starts the server, but from its sources. */
const PRELOAD = ['--import', 'tsx', '--import', './src/tracing.ts'];

verifies('trace.export', 'the last spans of a process leave it before it ends', async () => {
  const received: { path: string | undefined; type: string | undefined; body: string }[] = [];
  const collector = await listening(async (request, response) => {
    const body = await bodyOf(request);
    received.push({ path: request.url, type: request.headers['content-type'], body });
    json(response, 200, {});
  });
  const scalekit = await FakeScalekit.start();
  scalekit.serveApi((_request, response) => json(response, 200, { organizations: [] }));
  const server = runScript('src/main.ts', {
    node: PRELOAD,
    env: {
      ...scalekit.env,
      PORT: '0',
      AUDIT_LOG: 'off',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  });
  const { url } = await server.event('ready');
  const token = await scalekit.mint();
  await callTool(`${url}/mcp`, 'modern', 'list_organizations', { environmentId: 'env_1' }, { token });
  server.child.kill('SIGTERM');
  expect(await server.exit()).toBe(0);

  expect(received.map(({ path, type }) => [path, type])).toEqual([['/v1/traces', 'application/json']]);
  const { resourceSpans } = JSON.parse(received[0]?.body ?? '');
  const attributes = resourceSpans[0].resource.attributes.map(
    ({ key, value }: { key: string; value: { stringValue: string } }) => [key, value.stringValue],
  );
  expect(Object.fromEntries(attributes)).toMatchObject({
    'service.name': 'scalekit-mcp-server',
    'service.version': expect.any(String),
    'deployment.environment.name': 'test',
  });
  const names = resourceSpans[0].scopeSpans[0].spans.map(({ name }: { name: string }) => name);
  expect(names).toContain('tools/call list_organizations');
  expect(names).toContain('GET /organizations');
  expect(received[0]?.body).not.toContain(token);
  expect(server.stderr()).toBe('');
  await scalekit.close();
  await collector.close();
});

verifies('trace.export', 'a collector that is away does not keep the process from ending', async () => {
  const gone = await listening((_request, response) => response.end());
  await gone.close();
  const env = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: 'off' };
  const server = runScript('src/main.ts', {
    node: PRELOAD,
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: gone.url },
  });
  const { url } = await server.event('ready');
  await callTool(`${url}/mcp`, 'modern', 'whoami', {}, { token: 'bad' });
  server.child.kill('SIGTERM');
  expect(await server.exit()).toBe(0);
});

verifies('trace.lost', 'a collector that does not take spans, and takes them again, is told once each', async () => {
  let status = 401;
  const collector = await listening((_request, response) => json(response, status, {}));
  const server = runScript('src/main.ts', {
    node: PRELOAD,
    env: {
      PORT: '0',
      SANDBOX_PORT: '0',
      AUDIT_LOG: 'off',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer s3cret',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  const { url } = await server.event('ready');
  const call = () => callTool(`${url}/mcp`, 'modern', 'whoami', {}, { token: 'bad' });
  await call();
  expect(await server.event('spans_lost')).toMatchObject({
    level: 'warn',
    error: expect.stringMatching(/./),
    notice: expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT'),
  });
  await call();
  status = 200;
  await call();
  expect(await server.event('spans_arrive')).toMatchObject({ level: 'info' });
  server.child.kill('SIGTERM');
  expect(await server.exit()).toBe(0);
  expect(server.events('spans_lost')).toHaveLength(1);
  expect(server.events('spans_arrive')).toHaveLength(1);
  expect(server.stdout()).not.toContain('s3cret');
  await collector.close();
});

verifies.each('trace.off', [
  ['', 0],
  ['http://localhost:4318', 1],
])('with "%s" as the place to send spans to, the exporter is loaded %i times', (endpoint, times) => {
  const program = `console.log(Object.keys(require('node:module')._cache).filter((file) => /exporter-trace-otlp-http\\/build\\/src\\/index/.test(file)).length)`;
  const output = execFileSync(process.execPath, [...PRELOAD, '-e', program], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    encoding: 'utf8',
  });
  expect(Number(output)).toBe(times);
});

verifies('trace.off', 'a server that sends no spans loads nothing that makes them', () => {
  const print = `console.log(JSON.stringify(Object.keys(require('node:module')._cache)))`;
  const program = `import('./src/server/start.ts').then(() => ${print})`;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', program], { cwd: ROOT, encoding: 'utf8' });
  const loaded = (JSON.parse(output) as string[]).filter((file) => file.includes('@opentelemetry/'));
  expect(loaded).not.toEqual([]);
  expect(loaded.filter((file) => !file.includes('@opentelemetry/api/'))).toEqual([]);
});
