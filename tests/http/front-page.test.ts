import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { catalogue, toolsets } from '../../src/tools/index.ts';
import { clientIn, copiedIn, linksIn, textOf } from '../fixtures/pages.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ID = 'env_71204418093056001';

let server: TestServer;

beforeAll(async () => {
  server = await running();
});
afterAll(() => server.stop());

const get = (path: string, accept = HTML) => supertest(server.url).get(path).set('Accept', accept);

describe('the front page', () => {
  verifies('page.front', 'says what this is, and is found under each of its names', async () => {
    for (const path of ['/', '/mcp', '/info', '/info/', '/docs']) {
      const { status, text, headers } = await get(path);
      expect([path, status, headers['cache-control'], headers['vary']]).toEqual([
        path,
        200,
        'no-store',
        expect.stringContaining('Accept'),
      ]);
      const words = textOf(text);
      expect(words).toContain('Sandbox');
      expect(words).toContain('made-up people and data');
      expect(words).toMatch(/This server\s*works/);
    }
    expect((await get('/info').set('Host', 'evil.example.com')).status).toBe(403);
    expect((await supertest(server.url).post('/info')).status).toBe(405);
  });

  verifies('page.front', 'has six things to say, each for tools that there are', async () => {
    const said = (html: string) =>
      copiedIn(/<ul class="sentences">[\s\S]*?<\/ul>/.exec(html)?.[0] ?? '').filter((sentence) => sentence.length > 20);
    expect(said((await get('/info')).text)).toHaveLength(6);
    const own = await running({ TOOLSETS: 'organizations', READ_ONLY: 'on' });
    const bound = await (await fetch(`${own.url}/info`)).text();
    expect(said(bound)).toEqual(['Which customers do we have, and who came last?']);
    expect(bound).not.toContain('Custom domains');
    await own.stop();
  });

  verifies('page.front', 'names every toolset with its number of tools, and is smaller than 60 kB', async () => {
    const { text } = await get('/info');
    for (const { name, title, tools } of toolsets) {
      const offered = tools.filter(({ optIn }) => optIn === undefined).length;
      if (offered > 0) expect(text).toContain(`<a href="/docs/tools#${name}">${title}</a> <small>${offered}</small>`);
    }
    const whole = await get('/info?toolsets=all&read_only=true');
    for (const page of [text, whole.text]) expect(Buffer.byteLength(page)).toBeLessThan(60_000);
  });

  verifies('page.front', 'has a policy without anything inline, and nothing inline', async () => {
    const { text, headers } = await get('/info');
    const sandbox = new URL(server.sandbox().url).origin;
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self' ${sandbox}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]* src=)|javascript:/);
  });

  verifies('page.assets', 'loads what is served under names that change with it', async () => {
    const { text } = await get('/info');
    const paths = [...text.matchAll(/(?:src|href)="(\/(?:assets|icons)\/[^"]*)"/g)].map(([, path]) => String(path));
    expect(paths).toHaveLength(5);
    for (const path of paths) {
      const { status, headers } = await get(path);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(headers['content-type']).toMatch(
        path.endsWith('.css') ? /^text\/css/ : path.endsWith('.js') ? /^text\/javascript/ : /^image\/svg/,
      );
    }
    for (const path of ['/assets/pages.css', '/assets/../page.ts', '/assets/%2e%2e%2fpage.ts', '/assets/'])
      expect((await supertest(server.url).get(path)).status).toBe(404);
  });

  verifies('page.front', 'says how the services are when one of them fails', async () => {
    const scalekit = await FakeScalekit.start();
    scalekit.keys = (_request, response) => json(response, 500, {});
    const own = await running(scalekit.env);
    const { text, status } = await supertest(own.url).get('/info').set('Accept', HTML);
    expect(status).toBe(200);
    const words = textOf(text);
    expect(words).toMatch(/Sign-in\s*(does not answer|works in part)/);
    expect(words).toContain('Live');
    // Nothing of the sandbox is beyond it.
    expect(text).not.toMatch(/id="try"|trial|made-up/);
    await own.stop();
    await scalekit.close();
  });
});

describe('what each client is given', () => {
  const jsonOf = (text = '') => JSON.parse(text);
  const decoded = (link = '') => jsonOf(decodeURIComponent(link.slice(link.indexOf('?') + 1)));
  const config = (link = '') =>
    jsonOf(Buffer.from(String(new URL(link).searchParams.get('config')), 'base64').toString());

  verifies.each('page.install', ['', `?toolsets=users,roles&read_only=true&environment=${ID}`])(
    'holds exactly the URL, with the query %j',
    async (query) => {
      const { text } = await get(`/info${query}`);
      const url = `${server.url}/mcp${query}`;
      const http = { name: 'scalekit', type: 'http', url };
      const code = clientIn(text, 'vs-code');
      expect(code.links[0]).toMatch(/^vscode:mcp\/install\?/);
      expect(decoded(code.links[0])).toEqual(http);
      expect(jsonOf(/'(.*)'$/.exec(code.copied[0] ?? '')?.[1])).toEqual(http);
      expect(jsonOf(code.copied[1])).toEqual({ servers: { scalekit: { type: 'http', url } } });
      const insiders = clientIn(text, 'vs-code-insiders');
      expect(insiders.links[0]).toMatch(/^vscode-insiders:mcp\/install\?/);
      expect(decoded(insiders.links[0])).toEqual(http);

      const cursor = clientIn(text, 'cursor');
      expect(cursor.links[0]).toMatch(/^cursor:\/\/anysphere\.cursor-deeplink\/mcp\/install\?name=scalekit&config=/);
      expect(config(cursor.links[0])).toEqual({ url });
      expect(config(clientIn(text, 'lm-studio').links[0])).toEqual({ url });
      const goose = new URL(String(clientIn(text, 'goose').links[0]));
      expect([goose.protocol, goose.searchParams.get('type'), goose.searchParams.get('url')]).toEqual([
        'goose:',
        'streamable_http',
        url,
      ]);
      for (const [id, path] of [
        ['cursor', ['mcpServers', 'scalekit', 'url']],
        ['windsurf', ['mcpServers', 'scalekit', 'serverUrl']],
        ['zed', ['context_servers', 'scalekit', 'url']],
        ['kiro', ['mcpServers', 'scalekit', 'url']],
        ['visual-studio', ['servers', 'scalekit', 'url']],
        ['kilo-code', ['mcp', 'scalekit', 'url']],
        ['stdio', ['mcpServers', 'scalekit', 'args', '3']],
        ['claude', ['mcpServers', 'scalekit', 'args', '3']],
      ] as const) {
        const file = jsonOf(clientIn(text, id).copied.find((copied) => copied.startsWith('{')));
        expect({ id, url: path.reduce((value, key) => value[key], file) }).toEqual({ id, url });
      }
    },
  );

  verifies('page.install', 'is one word for shells, whatever the URL asks for', async () => {
    const url = `${server.url}/mcp?toolsets=users&read_only=true`;
    const { text } = await get('/info?toolsets=users&read_only=true');
    const lines = [
      'claude-code',
      'codex',
      'gemini-cli',
      'copilot-cli',
      'qwen-code',
      'opencode',
      'cline',
      'add-mcp',
      'stdio',
      'mcp-remote',
      'goose',
    ];
    for (const id of lines) {
      const [line = ''] = clientIn(text, id).copied;
      expect({ id, line }).toEqual({ id, line: expect.stringContaining(` "${url}"`) });
    }
    for (const id of lines) expect(clientIn((await get('/info')).text, id).copied[0]).toContain(` ${server.url}/mcp`);
  });

  verifies(['page.install', 'install.bridge'], 'starts the bridge that was built here, on the sandbox', async () => {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const { text } = await get('/info');
    for (const id of ['stdio', 'claude', 'jetbrains']) {
      const entry = jsonOf(clientIn(text, id).copied.find((copied) => copied.startsWith('{')));
      expect(entry.mcpServers.scalekit).toEqual({
        command: 'node',
        args: [main, 'stdio', '--url', `${server.url}/mcp`],
      });
    }
  });

  verifies('page.install', 'leads to Claude only where Claude can reach this server', async () => {
    expect(clientIn((await get('/info')).text, 'claude').links).toEqual([]);
    const scalekit = await FakeScalekit.start();
    const own = await running({ ...scalekit.env, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: '127.0.0.1' });
    const text = await (await fetch(`${own.localUrl}/info?toolsets=users`)).text();
    const [link = ''] = clientIn(text, 'claude').links;
    const { origin, searchParams } = new URL(link);
    expect([origin, searchParams.get('connectorUrl')]).toEqual([
      'https://claude.ai',
      'https://mcp.example.com/mcp?toolsets=users',
    ]);
    expect(text).not.toContain('localhost');
    // What stands on this machine is told to nobody else.
    expect(clientIn(text, 'stdio').copied[0]).toMatch(/^npx -y scalekit-mcp-server@/);
    await own.stop();
    await scalekit.close();
  });

  verifies('page.install', 'works: a client with the URL that the page shows lists what the page says', async () => {
    const { text } = await get('/info?toolsets=roles&read_only=true');
    const [url = ''] = copiedIn(text);
    const said = Number(/(\d+) tools are/.exec(textOf(text))?.[1]);
    const token = await server.token();
    const client = new Client({ name: 'page', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(url), {
        requestInit: { headers: { Authorization: `Bearer ${token}` } },
      }),
    );
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.length).toBe(said);
    expect(tools.map(({ annotations }) => annotations?.readOnlyHint)).toEqual(tools.map(() => true));
  });
});

describe('the builder', () => {
  verifies('page.builder', 'shows what was asked for, and is filled in with it', async () => {
    const query = `toolsets=users&toolsets=roles&read_only=true&environment=${ID}&tools=whoami`;
    const { text, status } = await get(`/info?${query}`);
    expect(status).toBe(200);
    expect(copiedIn(text)[0]).toBe(
      `${server.url}/mcp?toolsets=users,roles&tools=whoami&read_only=true&environment=${ID}`,
    );
    const checked = [...text.matchAll(/name="(\w+)" value="(\w+)" checked/g)].map(
      ([, name, value]) => `${name}=${value}`,
    );
    expect(checked.sort()).toEqual(['read_only=true', 'toolsets=roles', 'toolsets=users']);
    expect(text).toContain(`value="${ID}"`);
    expect(textOf(text)).toContain(`Every call stays in ${ID}.`);
  });

  verifies('page.builder', 'leaves out what nobody has filled in, and what is not its own', async () => {
    for (const query of ['environment=&tools=&read_only=', 'utm_source=x', 'code=abc&state=def', '', '&&', '%'])
      expect([query, copiedIn((await get(`/info?${query}`)).text)[0]]).toEqual([query, `${server.url}/mcp`]);
  });

  verifies('page.builder', 'says what the endpoint would refuse, and puts it into no snippet', async () => {
    for (const query of [
      'toolsets=nowhere',
      'tools=nothing',
      'read_only=maybe',
      'environment=prod',
      `environment=${ID}&environment=env_2`,
      'toolset=users',
      `tools=${'a'.repeat(9_000)}`,
    ]) {
      const page = await get(`/info?${query}`);
      const refused = await supertest(server.url).get(`/mcp?${query}`).set('Accept', '*/*');
      expect([query.slice(0, 40), page.status, refused.status]).toEqual([query.slice(0, 40), 400, 400]);
      const words = textOf(page.text);
      expect(words).toContain(refused.body.error_description);
      expect(copiedIn(page.text)[0]).toBe(`${server.url}/mcp`);
    }
  });

  verifies('page.builder', 'has no environment to choose where there is one alone', async () => {
    const own = await running({ SANDBOX_MODE: 'environment' });
    const text = await (await fetch(`${own.url}/info`)).text();
    expect(text).not.toContain('name="environment"');
    expect(text).toContain('name="toolsets"');
    await own.stop();
  });
});

describe('what callers send', () => {
  const EVIL = `"><script>alert(1)</script>'&lt;`;

  verifies('page.escaped', 'is in no page but as text', async () => {
    const queries = ['toolsets', 'tools', 'environment', 'read_only', 'q', 'code', EVIL].flatMap((name) =>
      ['/info', '/docs/tools', '/', '/index.md'].map(
        (path) => `${path}?${encodeURIComponent(name)}=${encodeURIComponent(EVIL)}`,
      ),
    );
    for (const path of queries) {
      const { text, headers } = await get(path);
      const evil = text.match(/<script>|alert\(1\)<\/|"><script/g);
      expect([path, headers['content-type']?.startsWith('text/html') ? evil : null]).toEqual([path, null]);
    }
    const { text } = await get(`/docs/tools?q=${encodeURIComponent(EVIL)}`);
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  verifies('page.escaped', 'does not choose the address, but for a name that is allowed', async () => {
    const addressFor = async (host: string) => copiedIn((await get('/info').set('Host', host)).text)[0];
    expect(await addressFor('localhost:8080')).toBe('http://localhost:8080/mcp');
    for (const host of ['evil.example', 'localhost:80"><b>', 'localhost:1@evil.example', "localhost:80'"]) {
      const { status, text } = await get('/info').set('Host', host);
      expect([host, status >= 400, /evil|<b>/.test(text)]).toEqual([host, true, false]);
    }
    const forwarded = await get('/info').set('X-Forwarded-Host', 'evil.example').set('X-Forwarded-Proto', 'https');
    expect(copiedIn(forwarded.text)[0]).toBe(`${server.url}/mcp`);
  });
});

describe('for agents', () => {
  verifies('page.markdown', 'is the same in Markdown', async () => {
    const query = '?toolsets=users&read_only=true';
    const answers = [
      await get(`/index.md${query}`, '*/*'),
      await get(`/info${query}`, 'text/markdown'),
      await get(`/${query}`, 'text/markdown, text/html;q=0.9, */*;q=0.1'),
      await get(`/mcp${query}`, 'text/markdown'),
    ];
    const url = `${server.url}/mcp${query}`;
    for (const { status, headers, text } of answers) {
      expect([status, headers['content-type']]).toEqual([200, 'text/markdown; charset=utf-8']);
      expect(text).toBe(answers[0]?.text);
      expect(text).toContain(`- Address: ${url}\n`);
      expect(text).toContain(`claude mcp add --transport http scalekit "${url}"`);
      expect(text).not.toMatch(/<[a-z]+[ >]/);
    }
    expect((await get('/info', 'text/html, text/markdown;q=0.5')).headers['content-type']).toContain('text/html');
    expect((await get('/index.md?toolsets=nowhere', '*/*')).status).toBe(400);
  });

  verifies('page.markdown', 'names what there is, and leads to it', async () => {
    const { text } = await get('/index.md', '*/*');
    for (const { name, tools } of toolsets) {
      if (tools.some(({ optIn }) => optIn === undefined)) expect(text).toContain(`- \`${name}\`: `);
    }
    const own = [...text.matchAll(/^- (http\S+): /gm)]
      .map(([, link]) => String(link))
      .filter((link) => link.startsWith(server.url));
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const link of own) expect([link, (await fetch(link)).status]).toEqual([link, 200]);
  });

  const TWINS = ['/docs/tools', '/docs/errors'];

  verifies.each('page.markdown', TWINS)('%s is there in Markdown, at an address of its own too', async (path) => {
    const answers = [
      await get(`${path}.md`, '*/*'),
      await get(`${path}/`, 'text/markdown'),
      await get(path, 'text/markdown'),
    ];
    for (const { status, headers, text } of answers) {
      expect([status, headers['content-type']]).toEqual([200, 'text/markdown; charset=utf-8']);
      expect(headers['link']).toBe(`<${path}>; rel="alternate"; type="text/html"`);
      expect(text).toBe(answers[0]?.text);
      expect(text.replaceAll(/`[^`]*`/g, '')).not.toMatch(/<[a-z]+[ >]/);
      const links = [...text.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link]) => String(link));
      for (const link of links) expect([link, (await get(link, '*/*')).status]).toEqual([link, 200]);
    }
    expect((await get(path)).text).toContain(`<link rel="alternate" type="text/markdown" href="${path}.md">`);
    expect((await supertest(server.url).post(`${path}.md`)).status).toBe(405);
  });

  verifies.each('page.markdown', TWINS)('what is kept of %s is asked for by its tag, in its form', async (path) => {
    const [page, markdown] = [await get(path), await get(path, 'text/markdown')];
    expect(page.headers['etag']).not.toBe(markdown.headers['etag']);
    for (const [accept, { headers }] of [
      [HTML, page],
      ['text/markdown', markdown],
    ] as const) {
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=300',
        vary: expect.stringContaining('Accept'),
      });
      const again = await get(path, accept).set('If-None-Match', String(headers['etag']));
      expect([again.status, again.headers['content-type']]).toEqual([304, undefined]);
      for (const name of ['etag', 'cache-control', 'vary']) expect(again.headers[name]).toBe(headers[name]);
    }
    expect((await get(path).set('If-None-Match', String(markdown.headers['etag']))).status).toBe(200);
    const own = await get(`${path}.md`, HTML).set('If-None-Match', String(markdown.headers['etag']));
    expect([own.status, String(own.headers['vary'])]).toEqual([304, expect.not.stringContaining('Accept')]);
  });

  verifies('page.markdown', 'finds tools by words, and repeats none of them', async () => {
    const query = '?q=rotate%20the%20secret%20of%20a%20directory';
    const { text, headers } = await get(`/docs/tools.md${query}`, '*/*');
    expect(headers['cache-control']).toBe('no-store');
    expect(/^- `(\w+)`/m.exec(text)?.[1]).toBe('regenerate_directory_secret');
    expect((await get(`/docs/tools${query}`, 'text/markdown')).text).toBe(text);
    const none = (await get('/docs/tools.md?q=xyzzyplugh', '*/*')).text;
    expect(none).toContain('No tool fits these words.');
    expect(none).not.toContain('xyzzyplugh');
  });
});

describe('/docs/tools', () => {
  verifies('page.tools-page', 'lists every tool that is offered, with what it does and needs', async () => {
    const { text, headers } = await get('/docs/tools');
    expect(headers['cache-control']).toBe('public, max-age=300');
    const rows = new Map(
      [...text.matchAll(/<li><code>(\w+)<\/code> (.*)<\/li>/g)].map(([, name, row]) => [name, textOf(String(row))]),
    );
    const offered = catalogue.filter(({ optIn }) => optIn === undefined);
    const markdown = (await get('/docs/tools.md', '*/*')).text;
    const named = [...markdown.matchAll(/^- `(\w+)` \(/gm)].map(([, name]) => name);
    expect(named).toEqual([...rows.keys()]);
    expect([...rows.keys()].sort()).toEqual(offered.map(({ name }) => name).sort());
    for (const { name, description, scope, effect } of offered) {
      const row = rows.get(name) ?? '';
      expect(row).toContain(description.replaceAll('`', ''));
      expect(markdown).toContain(`): ${description}\n`);
      expect(row).toContain(scope ?? 'any token');
      expect(row).toContain(
        { read: 'reads', add: 'adds', overwrite: 'changes', destroy: 'deletes, once confirmed' }[effect],
      );
    }
    for (const { name } of toolsets.filter(({ tools }) => tools.some(({ optIn }) => optIn === undefined)))
      expect(text).toContain(`<ul id="${name}">`);
    expect(Buffer.byteLength(text)).toBeLessThan(80_000);
  });

  verifies('page.tools-page', 'finds tools by words, the best first, without a script', async () => {
    const { text, headers } = await get('/docs/tools?q=rotate%20the%20secret%20of%20a%20directory');
    expect(headers['cache-control']).toBe('no-store');
    expect(/<li><code>(\w+)</.exec(text)?.[1]).toBe('regenerate_directory_secret');
    expect(linksIn(text)).toContain('/docs/tools');
    expect(textOf((await get('/docs/tools?q=xyzzyplugh')).text)).toContain('No tool fits these words.');
    expect((await get(`/docs/tools?q=${'secret%20'.repeat(800)}`)).status).toBe(200);
    for (const query of ['q=', 'q=%20', 'x=secret']) {
      expect((await get(`/docs/tools?${query}`)).text).toContain('<ul id="organizations">');
    }
  });

  verifies('page.tools-page', 'shows no more than the operator offers', async () => {
    const own = await running({ TOOLSETS: 'organizations,users', READ_ONLY: 'on' });
    for (const query of ['', '?q=delete+create+organization+role']) {
      const text = await (await fetch(`${own.url}/docs/tools${query}`)).text();
      expect(text).toContain('<code>list_organizations</code>');
      expect(text).not.toMatch(/<code>(delete|create)_|<code>list_environment_roles/);
      const markdown = await (await fetch(`${own.url}/docs/tools.md${query}`)).text();
      expect(markdown).toContain('`list_organizations`');
      expect(markdown).not.toMatch(/`(delete|create)_|`list_environment_roles/);
    }
    await own.stop();
  });
});
