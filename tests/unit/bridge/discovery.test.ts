import { expect } from 'vitest';
import { findSignIn } from '../../../src/bridge/discovery.ts';
import type { Fetch } from '../../../src/outgoing/hosted-fetch.ts';
import { verifies } from '../../verifies.ts';

const SERVER = new URL('https://mcp.example.com/mcp');
const ISSUER = 'https://auth.example.com';
const RESOURCE = { resource: SERVER.href, authorization_servers: [ISSUER], scopes_supported: ['a:read', 'a:write'] };
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
};

/** Answers metadata, and keeps what was asked. */
function serving(resource: object, metadata: object, asked: string[] = []): Fetch {
  return async (url) => {
    asked.push(String(url));
    const { pathname } = new URL(url);
    if (pathname.includes('oauth-protected-resource')) return Response.json(resource);
    return pathname.includes('oauth-authorization-server')
      ? Response.json(metadata)
      : new Response(null, { status: 404 });
  };
}

verifies('hosted.hostile', 'metadata that agrees is taken', async () => {
  expect(await findSignIn(SERVER, serving(RESOURCE, METADATA))).toMatchObject({
    resource: SERVER.href,
    issuer: ISSUER,
    scopes: 'a:read a:write',
  });
});

verifies.each('hosted.hostile', [
  ['another resource', { resource: 'https://bank.example/mcp' }, {}, 'of another resource'],
  ['another path', { resource: 'https://mcp.example.com/other' }, {}, 'of another resource'],
  [
    'another host that begins alike',
    { resource: 'https://mcp.example.com.evil.example/mcp' },
    {},
    'of another resource',
  ],
  ['no authorization server', { authorization_servers: [] }, {}, 'names no authorization server'],
  ['an issuer without TLS', { authorization_servers: ['http://auth.example.com'] }, {}, 'not reached by https'],
  ['an issuer of this machine', { authorization_servers: ['http://localhost:8080'] }, {}, 'not reached by https'],
  ['another issuer', {}, { issuer: 'https://other.example' }, 'that of another issuer'],
  ['a page without TLS', {}, { authorization_endpoint: 'http://auth.example.com/authorize' }, 'authorization_endpoint'],
  ['a token endpoint without TLS', {}, { token_endpoint: 'http://auth.example.com/token' }, 'token_endpoint'],
  [
    'a registration without TLS',
    {},
    { registration_endpoint: 'http://auth.example.com/register' },
    'registration_endpoint',
  ],
  ['a revocation without TLS', {}, { revocation_endpoint: 'http://auth.example.com/revoke' }, 'revocation_endpoint'],
  ['no PKCE', {}, { code_challenge_methods_supported: ['plain'] }, 'PKCE'],
  ['silence about PKCE', {}, { code_challenge_methods_supported: undefined }, 'PKCE'],
] as const)('a sign-in does not begin where the metadata says %s', async (_, resource, metadata, why) => {
  const found = findSignIn(SERVER, serving({ ...RESOURCE, ...resource }, { ...METADATA, ...metadata }));
  await expect(found).rejects.toMatchObject({
    name: 'HostedFailure',
    kind: 'denied',
    message: expect.stringContaining(why),
  });
});

verifies('hosted.hostile', 'a challenge that points to another origin is not followed', async () => {
  const asked: string[] = [];
  const found = findSignIn(SERVER, serving(RESOURCE, METADATA, asked), new URL('https://169.254.169.254/metadata'));
  await expect(found).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining('another origin') });
  expect(asked).toEqual([]);
});

verifies.each('hosted.hostile', [
  ['a redirect', async () => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } })],
  ['a page', async () => new Response('<h1>Hello</h1>')],
  ['a failure', async () => new Response(null, { status: 500 })],
] as const)('%s in place of metadata ends the sign-in', async (_, fetch) => {
  await expect(findSignIn(SERVER, fetch)).rejects.toMatchObject({ kind: 'unavailable' });
});
