import type { Request } from 'express';
import { describe, expect } from 'vitest';
import { ProtectedResource, type ResourceOptions } from '../../../src/auth/resource.ts';
import { selectingQueryOf } from '../../../src/server/select.ts';
import { verifies } from '../../verifies.ts';

const AUTHORIZATION_SERVERS = ['https://acme.scalekit.dev/resources/res_1'];

function resource(config: Partial<ResourceOptions['config']> = {}): ProtectedResource {
  return new ProtectedResource({
    config: {
      publicUrl: undefined,
      allowedHosts: ['localhost', 'mcp.internal'],
      expectedAudience: undefined,
      metadataOverrides: {},
      ...config,
    },
    port: 3002,
    authorizationServers: AUTHORIZATION_SERVERS,
    scopesOf: () => ['environment:read'],
    queryOf: selectingQueryOf,
  });
}

const request = (path: string, host?: string) => ({ path, url: path, headers: { host } }) as unknown as Request;

describe('the audience of this server', () => {
  verifies('token.audiences', 'is what the operator expects, and then nothing else', () => {
    const { audiences } = resource({
      expectedAudience: ['res_1', 'https://other.example/x'],
      publicUrl: 'https://mcp.example.com',
    });
    for (const [audience, accepted] of [
      ['res_1', true],
      ['https://other.example/x', true],
      ['HTTPS://Other.example:443/x', true],
      ['RES_1', false],
      ['res_1/', false],
      ['https://other.example/x/', false],
      ['https://other.example/X', false],
      ['https://mcp.example.com', false],
    ] as const) {
      expect([audience, audiences.includes(audience)]).toEqual([audience, accepted]);
    }
  });

  verifies('token.audiences', 'is the public URL, alone and with either endpoint, in any spelling', () => {
    const { audiences } = resource({ publicUrl: 'https://mcp.example.com' });
    for (const origin of [
      'https://mcp.example.com',
      'https://MCP.example.com',
      'HTTPS://mcp.Example.com:443',
      'https://mcp.example.com:443',
    ]) {
      for (const path of [
        '',
        '/',
        '/mcp',
        '/mcp/',
        '/mcp?toolsets=users',
        '/?read_only=true',
        '/mcp/?tools=whoami&x=1',
      ])
        expect([origin, path, audiences.includes(origin + path)]).toContain(true);
    }
  });

  verifies('token.audiences', 'is an allowed name at its own port without a public URL, and either endpoint', () => {
    const { audiences } = resource({ allowedHosts: ['localhost', '[::1]', 'a-b.example', '10.0.0.1'] });
    for (const host of ['localhost', '[::1]', 'a-b.example', '10.0.0.1', 'LOCALHOST']) {
      for (const path of ['', '/', '/mcp', '/mcp/']) {
        const audience = `http://${host}:3002${path}`;
        expect([audience, audiences.includes(audience)]).toEqual([audience, true]);
        for (const port of ['', ':1', ':3003', ':65535', ':03002']) {
          expect(audiences.includes(`http://${host}${port}${path}`)).toBe(false);
        }
      }
    }
  });

  verifies.each('token.audiences', [
    'http://other.example:3002/mcp',
    'http://localhost.other.example:3002/mcp',
    'http://other.example/http://localhost:3002/mcp',
    'xhttp://localhost:3002/mcp',
    'x http://localhost:3002/mcp',
    ' http://localhost:3002/mcp',
    'https://localhost:3002/mcp',
    'http://localhost:3002/MCP',
    'http://localhost:3002/mcp/x',
    'http://localhost:3002/mcpx',
    'http://localhost:3002/mcp?x=1',
    'http://localhost:3002/x?tools=whoami',
    'http://localhost:3002/mcp?toolset=users',
    'http://localhost:3002/mcp#?tools=whoami',
    'http://localhost:3002/mcp#x',
    'http://localhost:3002/x/../mcp',
    'http://localhost:3002/%6dcp',
    'http://localhost:3002//',
    'http://localhost:3002/mcp//',
    'http://localhost:3002/x/mcp/',
    'http://localhost:3002/mcp/?x=1',
    'http://localhost:3002/mcp/#x',
    'http://localhost:3002/ mcp',
    'http://localhost:',
    'http://localhost:/mcp',
    'http://localhost:x/mcp',
    'http://localhost:3002:3002/mcp',
    'http:\\\\localhost:3002\\mcp',
    'http://localhost:3002\n',
    'http://localhost:3002@other.example/mcp',
    'http://user@localhost:3002/mcp',
    'http://[]:3002/mcp',
    'http://[localhost]:3002/mcp',
    'http://:3002/mcp',
    'localhost:3002',
    '',
  ])('is not %j', (audience) => {
    expect(resource({ allowedHosts: ['localhost'] }).audiences.includes(audience)).toBe(false);
  });
});

describe('the metadata of this server', () => {
  verifies('metadata.documents', 'names the URL that the client connected to, and the way to a token', () => {
    expect(resource().document(request('/', 'localhost:3002'), '/mcp')).toEqual({
      resource: 'http://localhost:3002/mcp',
      authorization_servers: AUTHORIZATION_SERVERS,
      scopes_supported: ['environment:read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Scalekit MCP server',
    });
    expect(resource().document(request('/', 'mcp.internal'), '/')).toMatchObject({ resource: 'http://mcp.internal/' });
  });

  verifies('metadata.overrides', 'takes in what the operator adds, over its own', () => {
    const metadataOverrides = { resource_name: 'Ours', resource_documentation: 'https://docs.example.com' };
    expect(resource({ metadataOverrides }).document(request('/', 'localhost'), '/')).toMatchObject({
      ...metadataOverrides,
      resource: 'http://localhost/',
    });
  });

  verifies(['metadata.documents', 'token.none'], 'is found where the endpoint says that it is', () => {
    const at = (path: string, over: Partial<ResourceOptions['config']> = {}) =>
      resource(over).metadataUrl(request(path, 'localhost:3002'));
    expect(at('/mcp')).toBe('http://localhost:3002/.well-known/oauth-protected-resource/mcp');
    expect(at('/mcp/')).toBe('http://localhost:3002/.well-known/oauth-protected-resource/mcp');
    expect(at('/')).toBe('http://localhost:3002/.well-known/oauth-protected-resource');
    expect(at('/nowhere')).toBe('http://localhost:3002/.well-known/oauth-protected-resource');
    expect(at('/mcp', { publicUrl: 'https://mcp.example.com' })).toBe(
      'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    );
  });
});
