import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { type HostedFetch, openHostedFetch } from '../../src/outgoing/hosted-fetch.ts';
import { verifies } from '../verifies.ts';

let asked = 0;
const local = createServer(({ url }, res) => {
  asked++;
  if (url === '/short') {
    res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000_000)));
    return;
  }
  res.end('x'.repeat(1_000_000));
});
let port = 0;
const opened: HostedFetch[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve));
  ({ port } = local.address() as AddressInfo);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await new Promise((resolve) => local.close(resolve));
});

function open(server: string): HostedFetch {
  const one = openHostedFetch(new URL(server));
  opened.push(one);
  return one;
}

verifies.each('hosted.hostile', [['127.0.0.1'], ['localhost']] as const)(
  'what a server of the internet names is not reached on this machine: %s',
  async (name) => {
    const before = asked;
    const asking = open('https://mcp.example.com/mcp').signIn(`http://${name}:${port}/token`);
    await expect(asking).rejects.toMatchObject({ cause: { code: 'address_not_public' } });
    expect(asked).toBe(before);
  },
);

verifies.each('hosted.hostile', [['169.254.169.254'], ['10.0.0.1'], ['[fd00::1]']] as const)(
  'a private network is not reached for a server of this machine either: %s',
  async (address) => {
    const asking = open(`http://localhost:${port}/mcp`).signIn(`https://${address}/token`);
    await expect(asking).rejects.toMatchObject({ cause: { code: 'address_not_public' } });
  },
);

verifies('hosted.hostile', 'an answer of signing in that has no end is not read to its end', async () => {
  const response = await open('http://localhost:1/mcp').signIn(`http://127.0.0.1:${port}/`);
  await expect(response.text()).rejects.toThrow();
});

verifies('hosted.hostile', 'nor is a short one that stands for a very long one', async () => {
  const response = await open('http://localhost:1/mcp').signIn(`http://127.0.0.1:${port}/short`);
  await expect(response.text()).rejects.toThrow('too long');
});
