import { request } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import { OPERATIONS } from '../../../src/sandbox/operations/index.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { verifies } from '../../verifies.ts';

const events: SandboxEvent[] = [];
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    resource: 'http://localhost:3002/mcp',
    log: (event) => void events.push(event),
  });
});
afterAll(() => sandbox.close());

/** A request for a target that no client library would send. */
function send(method: string, path: string): Promise<{ status: number | undefined; type: string; text: string }> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path }, (response) => {
      let text = '';
      response
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'] ?? '', text }));
    })
      .on('error', reject)
      .end();
  });
}

verifies.each('sandbox.contract', [
  ['GET', 'http://['],
  ['OPTIONS', 'http://['],
  ['POST', 'http://%@x/api/v1/organizations'],
])('%s %s, whose target is no URL, gets 400 in JSON', async (method, target) => {
  const { status, type, text } = await send(method, target);
  expect({ status, type }).toEqual({ status: 400, type: expect.stringContaining('application/json') });
  expect(JSON.parse(text)).toEqual({ error: 'invalid_request' });
  expect(events).toEqual([]);
});

verifies('sandbox.contract', 'a target that is a whole URL counts as the path in it', async () => {
  expect((await send('GET', `${sandbox.url}/keys`)).status).toBe(200);
});

verifies('sandbox.base', 'operations answer below /api/v1 alone; elsewhere is nothing of the API', async () => {
  for (const { verb, path } of OPERATIONS) {
    for (const base of ['', '/api', '/api/v2', '/API/v1', '//api/v1', '/api/v1/api/v1']) {
      const { status, text } = await send(verb, base + path);
      expect([base + path, status, text]).toEqual([base + path, 404, expect.not.stringContaining('error_code')]);
    }
    expect((await send(verb, `/api/v1${path}`)).text).toContain('error_code');
  }
});
