import { expect } from 'vitest';
import { z } from 'zod';
import { toolset } from '../../src/core/toolset.ts';
import { freePort } from '../fixtures/redis.ts';
import { running } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

/** Twice the same name comes out when the surface is built. */
const { tools } = toolset('probes', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('probe_twice', {
    description: 'For tests.',
    scope: null,
    output: { at: z.string() },
    run: () => Promise.resolve({ at: 'never' }),
  }),
]);

verifies('drain.failed-start', 'leaves nothing behind when the start fails late', async () => {
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const env = { PORT: String(port), SANDBOX_PORT: String(sandboxPort) };
  await expect(running(env, [...tools, ...tools])).rejects.toThrow(/Two tools are called probe_twice/);
  for (const taken of [port, sandboxPort]) await expect(fetch(`http://127.0.0.1:${taken}/health`)).rejects.toThrow();
  // Both ports are free again.
  const server = await running(env);
  await server.token();
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await server.stop();
});

verifies('token.scope-map', 'starts nothing when a scope is to allow a tool that there is not', async () => {
  const SCOPE_MAP = JSON.stringify({ erp: ['mcp:tools:list_organisations', 'mcp:tools:whoami'] });
  await expect(running({ SCOPE_MAP })).rejects.toMatchObject({
    problems: ['SCOPE_MAP: there is no tool that mcp:tools:list_organisations could allow.'],
  });
});
