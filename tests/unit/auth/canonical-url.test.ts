import { expect } from 'vitest';
import { canonicalUrl } from '../../../src/auth/canonical-url.ts';
import { verifies } from '../../verifies.ts';

verifies.each('token.audiences', [
  ['HTTP://LocalHost:3002/MCP', 'http://localhost:3002/MCP'],
  ['https://mcp.example.com:443', 'https://mcp.example.com'],
  ['http://localhost:80/mcp?A=B', 'http://localhost/mcp?A=B'],
  ['http://localhost:443/', 'http://localhost:443/'],
  ['https://[::1]:443/', 'https://[::1]/'],
  ['https://mcp.example.com:44300', 'https://mcp.example.com:44300'],
  // What is no http URL, or more than one thing to different readers, equals only itself.
  ['https://User@MCP.example.com/', 'https://User@MCP.example.com/'],
  ['https://MCP.example.com\\mcp', 'https://MCP.example.com\\mcp'],
  ['https://MCP.example.com:443:443/', 'https://MCP.example.com:443:443/'],
  ['https://MCP.example.com:/', 'https://MCP.example.com:/'],
  ['URN:Res_1', 'URN:Res_1'],
  ['', ''],
])('%j is the URL %j', (spelled, canonical) => {
  expect(canonicalUrl(spelled)).toBe(canonical);
});
