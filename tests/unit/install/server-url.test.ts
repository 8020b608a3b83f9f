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
});
