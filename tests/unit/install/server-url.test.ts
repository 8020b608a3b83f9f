import { describe, expect } from 'vitest';
import { serverUrl, shownUrl } from '../../../src/install/server-url.ts';
import { verifies } from '../../verifies.ts';

describe('the URL that clients get', () => {
  verifies.each('install.url', ['toolsets', 'tools', 'read_only', 'environment', 'apps'])(
    'may ask for what this server reads: %s',
    (parameter) => {
      const url = `https://mcp.acme.example/mcp?${parameter}=true`;
      expect([serverUrl(url), shownUrl(url)]).toEqual([url, url]);
    },
  );

  verifies.each('install.url', [
    '/$HOME/mcp',
    '/$\u007bHOME}/mcp',
    '/{home}',
    '/`id`',
    '/%24HOME/mcp',
    '/a$b',
    '/mcp?tools=$HOME',
    '/mcp?environment=env_$\u007bHOME}',
  ])('holds nothing for which clients put in variables of this machine: %s', (path) => {
    expect(() => serverUrl(`https://mcp.acme.example${path}`)).toThrow('variables of this machine');
  });

  verifies('install.url', 'nor does its host', () => {
    expect(() => serverUrl('https://$\u007bhome}.acme.example/mcp')).toThrow();
    expect(() => serverUrl('https://$home.acme.example/mcp')).toThrow();
  });
});
