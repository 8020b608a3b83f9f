import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { toolsets } from '../../src/tools/index.ts';
import { rpc } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { verifies } from '../verifies.ts';

const PUBLIC = 'http://localhost:4321';
let server: TestServer;
let published: TestServer;
beforeAll(async () => {
  [server, published] = await Promise.all([
    running({ AGENT_TOOL_EXECUTION: 'on' }),
    running({ AGENT_TOOL_EXECUTION: 'on', PUBLIC_URL: PUBLIC }),
  ]);
});
afterAll(() => Promise.all([server.stop(), published.stop()]));

interface Listed {
  readonly name: string;
  readonly icons: readonly { readonly src: string; readonly mimeType: string }[];
}
const toolsOf = async (at: TestServer): Promise<readonly Listed[]> =>
  (await rpc(`${at.localUrl}/mcp?toolsets=all`, 'legacy', 'tools/list', {}, { token: await at.token() })).body.result
    .tools;

const initialize = async (protocolVersion: string) => {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
  const { body } = await rpc(`${server.localUrl}/mcp`, 'legacy', 'initialize', params, { token: await server.token() });
  return body.result;
};

verifies(
  'wire.one-origin',
  'the icons are at the origin of the resource, whatever address is listened on',
  async () => {
    const metadata = await fetch(
      `http://localhost:${new URL(server.localUrl).port}/.well-known/oauth-protected-resource/mcp`,
    );
    const { resource } = (await metadata.json()) as { resource: string };
    const origins = new Set(
      (await toolsOf(server)).flatMap(({ icons }) => icons.map(({ src }) => new URL(src).origin)),
    );
    expect([...origins]).toEqual([new URL(resource).origin]);
    const { origin } = new URL((await toolsOf(published))[0]?.icons[0]?.src ?? '');
    expect(origin).toBe(PUBLIC);
  },
);

describe('the identity', () => {
  verifies.each('wire.identity', [
    ['2024-11-05', []],
    ['2025-03-26', []],
    ['2025-06-18', ['title']],
    ['2025-11-25', ['title', 'websiteUrl']],
    ['2031-01-01', ['title', 'websiteUrl']],
  ])('holds for %s nothing that this revision does not define: %j', async (version, further) => {
    const { protocolVersion, serverInfo } = await initialize(version);
    if (version < '2030') expect(protocolVersion).toBe(version);
    expect(Object.keys(serverInfo).sort()).toEqual(['name', 'version', ...further].sort());
    expect(serverInfo).toMatchObject({ name: 'scalekit-mcp-server', version: expect.stringMatching(/^\d+\./) });
  });

  verifies('wire.identity', 'has a PNG and an SVG in server/discover, as Base64', async () => {
    const token = await server.token();
    const { body } = await rpc(`${server.localUrl}/mcp`, 'modern', 'server/discover', {}, { token });
    const info = body.result._meta['io.modelcontextprotocol/serverInfo'];
    expect(info.icons.map(({ mimeType }: { mimeType: string }) => mimeType)).toEqual(['image/png', 'image/svg+xml']);
    const [png, svg] = info.icons.map(({ src, mimeType }: { src: string; mimeType: string }) => {
      const [, type, data = ''] = /^data:(image\/(?:png|svg\+xml));base64,([A-Za-z0-9+/]+={0,2})$/.exec(src) ?? [];
      expect(type).toBe(mimeType);
      return Buffer.from(data, 'base64');
    });
    expect(svg.toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^<]*>(<[^<]+\/>)+<\/svg>$/);
    expect(pixelsOf(png)).toEqual({ width: 48, height: 48, isDrawn: true, isClear: true });
  });

  verifies('wire.identity', 'has no icons in other results', async () => {
    const token = await server.token();
    for (const method of ['tools/list', 'ping']) {
      const { body } = await rpc(`${server.localUrl}/mcp`, 'modern', method, {}, { token });
      expect(JSON.stringify(body)).not.toContain('data:');
    }
  });
});

describe('a path that cannot be decoded', () => {
  verifies.each('secrets.log', ['%', '%ff', 'access_token=eyJhbGciOiJub25lIn0.e30.x%'])(
    'is refused without an alarm, and stands in no log: %s',
    async (file) => {
      const before = server.lines.length;
      const response = await fetch(`${server.localUrl}/icons/${file}`);
      expect(response.status).toBe(400);
      await expect.poll(() => server.lines.slice(before).some(({ event }) => event === 'request')).toBe(true);
      const lines = server.lines.slice(before);
      expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
      expect(JSON.stringify(lines)).not.toContain('eyJhbGciOiJub25lIn0');
    },
  );
});

describe('the icons of tools', () => {
  verifies('wire.icons', 'are URLs below the public one, one for each toolset', async () => {
    const byName = new Map((await toolsOf(published)).map(({ name, icons }) => [name, icons]));
    const seen = toolsets.map(({ name: toolset, tools }) => {
      const icons = tools.map(({ name }) => byName.get(name));
      for (const own of icons) expect(own).toEqual(icons[0]);
      const [icon, ...more] = icons[0] ?? [];
      expect(more).toEqual([]);
      expect(icon?.mimeType).toBe('image/svg+xml');
      expect(icon?.src).toMatch(new RegExp(`^${PUBLIC}/icons/${toolset}\\.[0-9a-f]{12}\\.svg$`));
      return icon?.src;
    });
    expect(new Set(seen).size).toBe(toolsets.length);
  });

  verifies('wire.icons', 'are served to anybody, for ever, as what they are', async () => {
    const sources = new Set((await toolsOf(server)).flatMap(({ icons }) => icons.map(({ src }) => src)));
    expect(sources.size).toBe(toolsets.length);
    for (const src of sources) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(src, { method, headers: { origin: 'https://elsewhere.example' } });
        const text = await response.text();
        expect(response.status, src).toBe(200);
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'content-type': 'image/svg+xml',
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
          'content-security-policy': expect.stringContaining("default-src 'none'"),
          'cross-origin-resource-policy': 'cross-origin',
          'access-control-allow-origin': '*',
        });
        expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
        if (method === 'HEAD') expect(text).toBe('');
        // Neither styles nor scripts nor anything from elsewhere, which a policy would forbid.
        else expect(text).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 16 16"[^<>]*><path d="[^"<>]+"\/><\/svg>$/);
      }
    }
  });

  verifies('wire.icons', 'are nothing else: other names are not found, other methods refused', async () => {
    const at = (path: string, method = 'GET') => fetch(`${server.localUrl}${path}`, { method });
    for (const path of ['/icons/', '/icons/session.svg', '/icons/session.000000000000.svg', '/icons']) {
      const response = await at(path);
      expect(response.status, path).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/json');
    }
    const [first] = await toolsOf(server);
    const response = await fetch(String(first?.icons[0]?.src), { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

/** What a PNG of eight bits a channel with alpha shows. */
function pixelsOf(png: Buffer) {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR') ?? Buffer.alloc(0);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  expect(rows.length).toBe(height * (1 + 4 * width));
  const alphas = [...rows].filter((_, i) => i % (1 + 4 * width) > 0 && (i % (1 + 4 * width)) % 4 === 0);
  return { width, height, isDrawn: alphas.includes(255), isClear: alphas.includes(0) };
}
