import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { askingServers } from '../../../../src/cli/doctor/asking-servers.ts';
import { checkClients } from '../../../../src/cli/doctor/client-checks.ts';
import { type EmptyMachine, emptyMachine } from '../../../fixtures/clients-machine.ts';
import { listening } from '../../../fixtures/listening.ts';
import { verifies } from '../../../verifies.ts';

let machine: EmptyMachine;
beforeEach(() => {
  machine = emptyMachine();
});
afterEach(() => machine.remove());

/** What a doctor says of entries that a project brings along, where nothing answers. */
async function checked(mcpServers: object, url?: string) {
  writeFileSync(join(machine.project, '.mcp.json'), JSON.stringify({ mcpServers }));
  return checkClients(machine, { name: 'scalekit', url }, async (request) => ({
    ...{ url: request.url, redirects: [], headers: {}, text: '', error: 'connection_refused' },
  }));
}

describe('the entries in clients', () => {
  verifies('doctor.clients', 'are told to lead elsewhere without the password of the URL that was given', async () => {
    const checks = await checked(
      { scalekit: { type: 'http', url: 'https://a.example/mcp' } },
      'https://mira:s3cret@b.example/mcp',
    );
    expect(checks).toContainEqual(
      expect.objectContaining({ to_do: expect.stringContaining('--url https://b.example/mcp,') }),
    );
    expect(JSON.stringify(checks)).not.toContain('s3cret');
  });

  verifies('doctor.clients', 'have names and paths that move no cursor of a terminal and begin no line', async () => {
    const checks = await checked(
      {
        '\u001b[2J\u009b1mevil\u202e\n': { type: 'http', url: 'https://a.example/mcp' },
        scalekit: { command: '/gone\u001b[2J\u009b1m\u202e\nok' },
      },
      'https://a.example/mcp',
    );
    const seen = checks.map((check) => check.seen);
    expect(seen).toContainEqual(expect.stringContaining(String.raw`"\u001b[2J\u{9b}1mevil\u{202e}\n" (project)`));
    expect(seen).toContainEqual(
      expect.stringContaining(String.raw`"/gone\u001b[2J\u{9b}1m\u{202e}\nok", which it starts`),
    );
    expect(seen.filter((text) => /\p{C}/u.test(text))).toEqual([]);
  });

  verifies('doctor.clients', 'are not looked for on other machines', async () => {
    const elsewhere = [
      '//files.example/share/x',
      '\\\\files.example\\share\\x',
      '\\\\?\\UNC\\files.example\\x',
      '/\\files.example/x',
    ];
    const checks = await checked({ scalekit: { command: elsewhere[0], args: [...elsewhere, '/gone/for/good'] } });
    const ofClaude = checks.filter(({ check, state }) => check === 'claude-code' && state === 'fail');
    expect(ofClaude.map(({ seen }) => seen)).toEqual([
      expect.stringContaining('/gone/for/good, which it starts, is not there'),
    ]);
  });
});

/** A server whose authorization server issues tokens for some scopes; with `read_only` it asks for those that only read. */
async function withEnabled(enabled: readonly string[] | undefined) {
  const server = await listening((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const origin = `http://${request.headers.host}`;
    const json = (document: object) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    if (path === '/.well-known/oauth-protected-resource/mcp') {
      json({ resource: `${origin}/mcp`, authorization_servers: [`${origin}/resources/res_1`] });
    } else if (path === '/.well-known/oauth-authorization-server/resources/res_1') {
      json({ issuer: `${origin}/resources/res_1`, scopes_supported: enabled });
    } else {
      const scope = query.includes('read_only') ? 'organization:read' : 'organization:read organization:write';
      const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
      response.statusCode = path === '/mcp' ? 401 : 404;
      response.setHeader('www-authenticate', `Bearer resource_metadata="${metadata}", scope="${scope}"`).end();
    }
  });
  return { url: `${server.url}/mcp`, close: server.close };
}

/** What a doctor says of one entry of a person in Cursor. */
async function checkedAt(url: string, entry: object) {
  mkdirSync(join(machine.home, '.cursor'), { recursive: true });
  writeFileSync(join(machine.home, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { scalekit: entry } }));
  const checks = await checkClients(machine, { name: 'scalekit', url }, askingServers());
  return checks.filter(({ check }) => check === 'cursor').map(({ state, seen }) => `${state} ${seen}`);
}

describe('the scopes of an entry', () => {
  verifies('doctor.scopes', 'are told where the server asks for some that are not enabled for it', async () => {
    const server = await withEnabled(['organization:read', 'openid']);
    expect(await checkedAt(server.url, { url: server.url })).toEqual([
      expect.stringMatching(/^warn .* asks? for scopes that are not enabled for it: organization:write\./),
    ]);
    const less = `${server.url}?read_only=true`;
    expect(await checkedAt(server.url, { url: less })).toEqual([expect.stringMatching(/^pass .* leads to /)]);
    await server.close();
  });

  verifies.each('doctor.scopes', [
    [{ scopes: ['env:read', 'organization:read'] }],
    [{ oauth: { scopes: ['env:read'] } }],
    [{ auth: { scope: 'openid env:read' } }],
  ])('are told where the entry itself names some: %j', async (names) => {
    const server = await withEnabled(['organization:read', 'organization:write']);
    expect(await checkedAt(server.url, { url: server.url, ...names })).toEqual([
      expect.stringMatching(/^warn .* asks for scopes that are not enabled for this server: env:read\./),
    ]);
    const fine = { oauth: { scopes: ['organization:read', 'offline_access'] } };
    expect(await checkedAt(server.url, { url: server.url, ...fine })).toEqual([expect.stringMatching(/^pass /)]);
    await server.close();
  });

  verifies('doctor.scopes', 'are no matter where nobody says which are enabled', async () => {
    const server = await withEnabled(undefined);
    expect(await checkedAt(server.url, { url: server.url })).toEqual([expect.stringMatching(/^pass /)]);
    await server.close();
  });
});
