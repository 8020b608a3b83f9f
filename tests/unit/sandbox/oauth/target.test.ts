import { describe, expect } from 'vitest';
import { Target } from '../../../../src/sandbox/oauth/target.ts';
import { verifies } from '../../../verifies.ts';

const includes = (target: Target, names: readonly string[]) => names.filter((name) => target.includes(name));

describe('a server on this machine', () => {
  const target = new Target('http://localhost:3002/mcp');
  const own = ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', '[::1]'].flatMap((host) =>
    ['', '/', '/mcp', '/mcp/', '/mcp?toolsets=users', '/mcp?x=1&read_only=true'].flatMap((path) => [
      `http://${host}:3002${path}`,
      `HTTP://${host}:3002${path}`,
    ]),
  );
  const foreign = [
    'https://localhost:3002/mcp',
    'http://localhost/mcp',
    'http://localhost:3003/mcp',
    'http://localhost:3002/MCP',
    'http://localhost:3002//mcp',
    'http://localhost:3002/x/../mcp',
    'http://localhost:3002/mcp?x=1',
    'http://localhost:3002/mcp?xtools=1',
    'http://localhost:3002/mcp?tools=1#x',
    'http://localhost:3002/mcp#x',
    'http://a@localhost:3002/mcp',
    'http://localhost:3002\\@evil.example/mcp',
    'http://localhost.evil.example:3002/mcp',
    'mcp.example.com',
    '',
  ];
  verifies('sandbox.resources', 'has these names', () => expect(includes(target, own)).toEqual(own));
  verifies('sandbox.foreign-resources', 'has none of these', () => expect(includes(target, foreign)).toEqual([]));
});

describe('a server with a name of its own', () => {
  const target = new Target('https://mcp.example.com/mcp');
  verifies('sandbox.resources', 'has it with and without the port that goes without saying', () => {
    const own = ['https://mcp.example.com/mcp', 'https://MCP.example.com/mcp', 'https://mcp.example.com:443/mcp'];
    expect(includes(target, own)).toEqual(own);
    const foreign = ['https://mcp.example.com:8443/mcp', 'http://mcp.example.com/mcp', 'https://localhost/mcp'];
    expect(includes(target, foreign)).toEqual([]);
  });
});

verifies('sandbox.resources', 'a server that answers to more names has those too', () => {
  const target = new Target('http://127.0.0.1:3002/mcp', ['dev.test', '[::1]']);
  expect(target.includes('http://dev.test:3002/mcp')).toBe(true);
  expect(target.includes('http://localhost:3002/mcp')).toBe(false);
});
