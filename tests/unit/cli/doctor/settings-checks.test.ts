import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { checkPort } from '../../../../src/cli/doctor/settings-checks.ts';
import type { Config } from '../../../../src/config/config.ts';
import type { ExternalAnswer } from '../../../../src/core/external.ts';
import { verifies } from '../../../verifies.ts';

const server = createServer();
let asked: string[] = [];
beforeEach(() => {
  asked = [];
});
afterEach(() => new Promise<void>((closed) => void server.close(() => closed())));

/** What is said of a port of a host that something has, which answers so. */
async function checked(host: string, answer: Partial<ExternalAnswer>) {
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.address() as AddressInfo;
  const { check, running } = await checkPort({ host, port } as Config, async ({ url }) => {
    asked.push(url.replace(String(port), 'PORT'));
    return { url, redirects: [], headers: {}, text: '', ...answer };
  });
  return { state: check.state, running: running?.replace(String(port), 'PORT') };
}

const ALIVE = { status: 200, text: '{"status":"alive"}' };

describe('the port of the server', () => {
  verifies.each('doctor.settings', [
    ['127.0.0.1', 'http://127.0.0.1:PORT', 'http://localhost:PORT/mcp'],
    // Clients would be told to use https there.
    ['127.0.0.2', 'http://127.0.0.2:PORT', undefined],
    ['0.0.0.0', 'http://localhost:PORT', 'http://localhost:PORT/mcp'],
  ])('is asked at %s where a server would listen', async (host, origin, running) => {
    expect(await checked(host, ALIVE)).toEqual({ state: 'pass', running });
    expect(asked).toEqual([`${origin}/health/live`]);
  });

  verifies('doctor.settings', 'is not said to be another program’s where nobody may be asked', async () => {
    expect(await checked('127.0.0.1', { error: 'not_https' })).toEqual({ state: 'warn', running: undefined });
  });
});
