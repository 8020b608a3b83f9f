import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { builtServer } from '../fixtures/built.ts';
import { runScript, type ServerProcess } from '../fixtures/process.ts';
import { callTool } from '../fixtures/rpc.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

function script(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** Makes Node.js write the address of each module that it loads to stderr, in a line of its own. */
const TELLS_MODULES = `--import=${script(
  `import { register } from 'node:module'; register(${JSON.stringify(
    script(`import { writeSync } from 'node:fs';
  export const load = (url, context, next) => (writeSync(2, \`\${url}\\n\`), next(url, context));`),
  )});`,
)}`;
/** What V8 says with `--trace-opt` of a function that it has optimized. */
const OPTIMIZED = '[completed optimizing';

/** Modules that a server needs at some time, and none of its first calls does. */
const FOR_LATER = [
  'access/find.js',
  'access/tool-index.js',
  'diagnosis/connection/diagnose.js',
  'diagnosis/mcp-server/diagnose.js',
  'knowledge/answers.js',
  'web/pages.js',
];
/** Those that a server never needs which has an environment to serve, and neither metrics nor Redis. */
const NOT_HERE = ['cli/program.js', 'sandbox/start.js', 'shared/redis.js', 'observability/metrics/prometheus.js'];

const built = builtServer();
let scalekit: FakeScalekit;
let areKeysAway = true;
let server: ServerProcess | undefined;

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  const { keys } = scalekit;
  scalekit.keys = (request, response) => (areKeysAway ? json(response, 503, {}) : keys(request, response));
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.exit();
});
afterAll(() => scalekit.close());

/** Starts a server that has everything but the keys, which it waits for. */
async function almostReady(...node: string[]): Promise<ServerProcess> {
  areKeysAway = true;
  const started = runScript(built.script, { env: { ...scalekit.env, PORT: '0', AUDIT_LOG: 'off' }, node });
  server = started;
  await started.event('keys_unavailable');
  return started;
}

verifies('start.lean', 'loads what no first call needs when it is ready, and not before', async () => {
  const { stderr, event } = await almostReady(TELLS_MODULES);
  const loaded = (names: readonly string[]) => names.filter((name) => stderr().includes(`/${name}\n`));
  expect(loaded(['server/app.js', 'tools/index.js', 'web/routes.js'])).toHaveLength(3);
  expect(loaded([...FOR_LATER, ...NOT_HERE])).toEqual([]);
  areKeysAway = false;
  await event('ready');
  // Nobody has asked for anything.
  await expect.poll(() => loaded(FOR_LATER)).toEqual(FOR_LATER);
  expect(loaded(NOT_HERE)).toEqual([]);
});

verifies('start.lean', 'lets V8 optimize nothing that only a start runs, and what calls run', async () => {
  const { stdout, event } = await almostReady('--trace-opt');
  const [, waiting = ''] = stdout().split('"event":"listening"');
  expect(waiting).toContain('"event":"keys_unavailable"');
  expect(waiting).not.toContain(OPTIMIZED);
  areKeysAway = false;
  const { url } = await event('ready');
  const atReady = stdout().length;
  const token = await scalekit.mint();
  for (let calls = 0; !stdout().slice(atReady).includes(OPTIMIZED); calls++) {
    expect(calls).toBeLessThan(10_000);
    const { body } = await callTool(`${url}/mcp`, 'modern', 'whoami', {}, { token });
    expect(body.result.isError).not.toBe(true);
  }
});
