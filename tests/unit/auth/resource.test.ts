import type { Request } from 'express';
import { describe, expect } from 'vitest';
import { ProtectedResource, type ResourceOptions } from '../../../src/auth/resource.ts';
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
    authorizationServers: AUTHORIZATION_SERVERS,
    scopes: ['environment:read'],
  });
}

const request = (path: string, host?: string) => ({ path, headers: { host } }) as unknown as Request;

describe('the audience of this server', () => {
  verifies('token.audiences', 'is what the operator expects, and then nothing else', () => {
    const { audiences } = resource({ expectedAudience: ['res_1'], publicUrl: 'https://mcp.example.com' });
    expect(audiences).toEqual(['res_1']);
  });

  verifies('token.audiences', 'is the public URL, alone and with either endpoint', () => {
    const { audiences } = resource({ publicUrl: 'https://mcp.example.com' });
    expect(audiences).toEqual(['https://mcp.example.com', 'https://mcp.example.com/', 'https://mcp.example.com/mcp']);
  });

  verifies('token.audiences', 'is any port of an allowed name without a public URL, and either endpoint', () => {
    const { audiences } = resource({ allowedHosts: ['localhost', '[::1]', 'a-b.example', '10.0.0.1'] });
    for (const host of ['localhost', '[::1]', 'a-b.example', '10.0.0.1']) {
      for (const port of ['', ':1', ':65535']) {
        for (const path of ['', '/', '/mcp']) {
          const audience = `http://${host}${port}${path}`;
          expect([audience, audiences.includes(audience)]).toEqual([audience, true]);
        }
      }
    }
  });

  verifies.each('token.audiences', [
    'http://other.example/mcp',
    'http://localhost.other.example/mcp',
    'http://other.example/http://localhost/mcp',
    'xhttp://localhost/mcp',
    'x http://localhost/mcp',
    'https://localhost/mcp',
    'http://localhost/mcp/',
    'http://localhost/mcp/x',
    'http://localhost/mcpx',
    'http://localhost//',
    'http://localhost/ mcp',
    'http://localhost:',
    'http://localhost:/mcp',
    'http://localhost:x/mcp',
    'http://localhost:123456/mcp',
    'http://localhost:1:2/mcp',
    'http://localhost\n',
    'http://LOCALHOST/mcp',
    'http://user@localhost/mcp',
    'http://[]/mcp',
    'http://[localhost]/mcp',
    'http:///mcp',
    'localhost',
    '',
  ])('is not %j', (audience) => {
    expect(resource({ allowedHosts: ['localhost', ''] }).audiences.includes(audience)).toBe(false);
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
    expect(at('/')).toBe('http://localhost:3002/.well-known/oauth-protected-resource');
    expect(at('/nowhere')).toBe('http://localhost:3002/.well-known/oauth-protected-resource');
    expect(at('/mcp', { publicUrl: 'https://mcp.example.com' })).toBe(
      'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    );
  });
});
