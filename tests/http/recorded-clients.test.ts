import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect } from 'vitest';
import { PERSON_IDS } from '../../src/sandbox/data/ids.ts';
import { failureIn } from '../fixtures/failure-in.ts';
import { type Recording, recordings, signIns } from '../fixtures/recorded/read.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';
import { Browser, tickedBoxes } from './sandbox/browser.ts';

/** Each recording deletes the same configuration, so each has a sandbox of its own. */
let server: TestServer;

afterEach(() => server.stop());

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely.
  readonly body: any;
}

/** Sends what was recorded, with this test's token, and reads the answer as JSON or as a stream of one event. */
async function send({ method = 'POST', headers, body }: Recording['requests'][number]): Promise<Reply> {
  const token = await server.token();
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${server.localUrl}/mcp`, {
      method,
      headers: { ...headers, Authorization: `Bearer ${token}`, 'Content-Length': Buffer.byteLength(body) },
    });
    request.once('error', reject);
    request.once('response', async (response) => {
      const isZipped = response.headers['content-encoding'] === 'gzip';
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const plain = String(isZipped ? gunzipSync(bytes) : bytes);
      // Clients that ask for a stream look at the status alone.
      const data = method === 'GET' ? '' : (/^data: (.*)$/m.exec(plain)?.[1] ?? plain);
      resolve({ status: response.statusCode ?? 0, body: data === '' ? undefined : JSON.parse(data) });
    });
    request.end(body);
  });
}

/** The same request with another value for the confirmation, wherever the library left it out or sent nothing in it. */
function confirmed({ headers, body }: Recording['requests'][number], confirmation: string) {
  const message = JSON.parse(body);
  message.params.arguments.confirmation = confirmation;
  return { headers, body: JSON.stringify(message) };
}

const EXPECTED: Readonly<Record<string, (reply: Reply) => void>> = {
  'notifications/initialized': ({ status }) => expect(status).toBe(202),
  'notifications/cancelled': ({ status }) => expect(status).toBe(202),
  'server/discover': ({ body }) => expect(body.result.supportedVersions).toContain('2026-07-28'),
  'tools/list': ({ body }) => expect(body.result.tools.length).toBeGreaterThan(50),
  'prompts/list': ({ body }) => expect(body.result.prompts.length).toBeGreaterThan(0),
  'resources/list': ({ body }) => expect(body.result.resources.length).toBeGreaterThan(0),
  whoami: ({ body }) => expect(body.result.structuredContent.subject).toBe('sandbox-machine'),
  list_organizations: ({ body }) => expect(body.result.structuredContent.organizations.length).toBeGreaterThan(0),
  get_organization_details: ({ body }) => expect(failureIn(body.result)).toMatchObject({ code: 'not_found' }),
  delete_mcp_config: ({ body }) => expect(failureIn(body.result)).toMatchObject({ code: 'confirmation_required' }),
};

verifies.each(
  'client.recorded',
  recordings().map((recording) => [recording.client, recording] as const),
)('what %s sends is served', async (_client, { requests }) => {
  server = await running();
  const seen = new Set<string>();
  for (const request of requests) {
    if (request.method === 'GET') {
      // They go on without a stream where they are told that there is none.
      expect((await send(request)).status).toBe(405);
      continue;
    }
    const message = JSON.parse(request.body);
    const name = String(message.params?.name ?? message.method);
    seen.add(name);
    const reply = await send(request);
    expect({ name, status: reply.status, id: reply.body?.id }).toEqual({
      name,
      status: message.id === undefined ? 202 : 200,
      id: message.id,
    });
    EXPECTED[name]?.(reply);
    if (name !== 'delete_mcp_config') continue;
    const { confirmation } = failureIn(reply.body.result);
    expect((await send(confirmed(request, confirmation))).body.result).not.toHaveProperty('isError', true);
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['whoami', 'list_organizations', 'delete_mcp_config']));
});

verifies.each(
  'client.recorded-sign-in',
  signIns().map((signIn) => [signIn.client, signIn] as const),
)(
  'what %s sends to sign in leads to a token, and where it asks for more, to one with more',
  async (_client, { requests }) => {
    server = await running();
    const origin = `http://localhost:${server.port}`;
    const metadata = await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`);
    const [issuer = ''] = ((await metadata.json()) as { authorization_servers: string[] }).authorization_servers;
    const authorization = new URL(issuer).origin;
    const values: Record<string, string> = {
      server: origin,
      'server%': encodeURIComponent(origin),
      authorization,
      'authorization%': encodeURIComponent(authorization),
    };
    const now = (text: string) => text.replace(/\{([a-z_]+%?)\}/g, (whole, name: string) => values[name] ?? whole);
    const browser = new Browser(authorization);

    for (const request of requests) {
      if (request.browser === true) {
        let page = await browser.open(authorization + now(request.path));
        if (page.text.includes('name="account"')) page = await browser.submit(page, [['account', PERSON_IDS.admin]]);
        const ticked = tickedBoxes(page).map((scope) => ['scope', scope] as const);
        const { url } = await browser.submit(page, [...ticked, ['decision', 'allow']]);
        values['code'] = url.searchParams.get('code') ?? '';
        continue;
      }
      const { at, method, path, headers, body, status } = request;
      const response = await fetch((at === 'server' ? origin : authorization) + now(path), {
        method,
        headers: { ...headers, ...(request.signedIn && { Authorization: `Bearer ${values['access_token']}` }) },
        ...(body !== undefined && { body: now(body) }),
        redirect: 'manual',
      });
      const text = await response.text();
      expect({ method, path, status: response.status }, text).toEqual({ method, path, status });
      // A refusal that is told in the result is no success.
      if (status === 200) expect(text).not.toContain('insufficient_scope');
      if (/(:register|\/oauth\/token)$/.test(path)) Object.assign(values, JSON.parse(text));
    }
    expect(values).toHaveProperty('access_token');
  },
);
