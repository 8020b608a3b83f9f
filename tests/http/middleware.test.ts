import { IncomingMessage, request } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import express, { type RequestHandler } from 'express';
import supertest from 'supertest';
import { describe, expect } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { drain } from '../../src/http/drain.ts';
import { listen, setHandler } from '../../src/http/listener.ts';
import { allowedHost, allowedOrigin, notFound } from '../../src/http/middleware.ts';
import { observe } from '../../src/http/observe.ts';
import { errorUri, hostname, type OriginRules, originsBy, ownOrigin } from '../../src/http/origin.ts';
import { openAudit } from '../../src/observability/audit/ledger.ts';
import { NO_METRICS } from '../../src/observability/metrics/metrics.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { SILENT } from '../fixtures/silent-log.ts';
import { verifies } from '../verifies.ts';

const { audit: config } = parseConfig({ AUDIT_LOG: 'off' });
const audit = await openAudit({ config, stderr: () => undefined, log: SILENT });

/** An app behind one door. */
function behind(door: RequestHandler) {
  const app = express();
  app.use(observe({ log: SILENT, audit, metrics: NO_METRICS, clean: (text) => text }), door, (_request, response) => {
    response.end('through');
  });
  return supertest(app);
}

const REFUSED = { error: 'access_denied', error_description: expect.any(String), error_uri: expect.any(String) };

describe('the door for hosts', () => {
  const at = () => behind(allowedHost(['localhost', '127.0.0.1', '[::1]', 'mcp.example.com']));

  verifies.each('middleware.host', [
    'localhost',
    'LOCALHOST',
    'localhost:3002',
    '127.0.0.1:1',
    '[::1]',
    '[::1]:80',
    'MCP.example.com:443',
  ])('lets %s through', async (host) => {
    await at().get('/mcp').set('Host', host).expect(200, 'through');
  });

  verifies.each('middleware.host', [
    'evil.example.com',
    'localhost.evil.example.com',
    'evil.localhost',
    'xlocalhost',
    'localhostx',
    'localhost:3002x',
    'localhost:',
    'localhost:80:80',
    'localhost@evil.example.com',
    'evil.example.com:localhost',
    'example.com',
    '127.0.0.2',
    '::1',
    '[::1',
    '',
  ])('refuses %j, readably for the page that asked', async (host) => {
    for (const path of [
      '/mcp',
      '/',
      '/healthy',
      '/healthx',
      '/x/health',
      '/mcp/health',
      '/HEALTH',
      '/health/',
      '/health/x',
    ]) {
      const { status, headers, body } = await at().get(path).set('Host', host);
      expect({ path, status, body }).toEqual({ path, status: 403, body: REFUSED });
      expect(body.error_description).toContain('ALLOWED_HOSTS');
      expect(headers['access-control-allow-origin']).toBe('*');
    }
    for (const path of ['/health', '/health/live', '/health/ready']) {
      await at().get(path).set('Host', host).expect(200, 'through');
    }
  });
});

verifies('middleware.host', 'a foreign Host is not repeated where there is nothing either', async () => {
  const at = () => behind(notFound(originsBy({ allowedHosts: ['mcp.example.com'] })));
  const foreign = await at().get('/sse').set('Host', 'evil.example.com').expect(404);
  expect(foreign.body.error_description).toMatch(/http:\/\/mcp\.example\.com:\d+\/mcp/);
  expect(JSON.stringify(foreign.body)).not.toContain('evil');
});

describe('the door for origins', () => {
  const at = () =>
    behind(allowedOrigin(['localhost', '[::1]', 'https://app.example.com', 'http://dev.example.com:8080']));

  verifies(
    'middleware.origin',
    'lets clients through that are no browsers, and says that answers depend on it',
    async () => {
      const { headers } = await at().post('/mcp').expect(200, 'through');
      expect(headers['vary']).toBe('Origin');
    },
  );

  verifies.each('middleware.origin', [
    'http://localhost:6274',
    'https://localhost',
    'http://[::1]:80',
    'https://app.example.com',
    'https://APP.example.com:443',
    'http://dev.example.com:8080',
  ])('lets pages of %s through', async (origin) => {
    const { headers } = await at().post('/mcp').set('Origin', origin).expect(200, 'through');
    expect(headers['vary']).toBe('Origin');
  });

  verifies.each('middleware.origin', [
    'https://evil.example.com',
    'http://localhost.evil.example.com',
    'https://evil.example.com/localhost',
    'https://localhost@evil.example.com',
    'https://xapp.example.com',
    'https://example.com',
    'https://app.example.com:8443',
    'http://app.example.com',
    'http://app.example.com:443',
    'http://dev.example.com',
    'https://dev.example.com:8080',
    'chrome-extension://localhost',
    'vscode-webview://localhost',
    'http://localhost\\.evil.example.com',
    'http://localhost/',
    'http://localhost?x',
    'http://localhost#x',
    'http://x@localhost',
    'http:localhost',
    'http://localhost:',
    'http://localhost, https://evil.example.com',
    'http://evil.example.com http://localhost',
    'localhost',
    'null',
    'file://',
    'about:blank',
    'https://',
    '',
  ])('refuses pages of %j, readably for them', async (origin) => {
    const { status, headers, body } = await at().post('/mcp').set('Origin', origin);
    expect({ status, body: refusalIn(body) }).toEqual({ status: 403, body: REFUSED });
    expect(refusalIn(body).error_description).toContain('ALLOWED_ORIGINS');
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', vary: 'Origin' });
  });
});

describe('the door for origins that is open to all', () => {
  verifies.each('middleware.origin', ['https://evil.example.com', 'null', 'vscode-webview://x', 'file://', ''])(
    'lets pages of %j through',
    async (origin) => {
      await behind(allowedOrigin(['*']))
        .post('/mcp')
        .set('Origin', origin)
        .expect(200, 'through');
    },
  );
});

describe('the origin of this server', () => {
  verifies.each('middleware.host', [
    ['localhost:3002', 'localhost'],
    ['LocalHost', 'localhost'],
    ['[::1]:3002', '[::1]'],
    ['[::1]', '[::1]'],
    ['a.example:', 'a.example:'],
    ['a.example:80:8', 'a.example:80'],
    ['a.example:8x', 'a.example:8x'],
    ['', ''],
    [undefined, ''],
  ])('reads the name in the Host header %j', (host, name) => {
    expect(hostname(host)).toBe(name);
  });

  verifies.each('metadata.documents', [
    ['LOCALHOST:3002', 'http://localhost:3002'],
    ['localhost:80', 'http://localhost'],
    ['localhost:8080', 'http://localhost:8080'],
    ['[::1]:80', 'http://[::1]'],
    ['localhost:180', 'http://localhost:180'],
    ['localhost:80x', 'http://localhost:80x'],
  ])('is the one under Host %j that browsers would name, unless it has a public URL', (host, own) => {
    expect(ownOrigin(undefined, host)).toBe(own);
    expect(ownOrigin('https://mcp.example.com', host)).toBe('https://mcp.example.com');
  });
});

describe('the page that explains an error', () => {
  /** Where a server with these rules says that it is, to requests with these Host headers. */
  async function pagesFor(rules: OriginRules, hosts: readonly (string | undefined)[]) {
    const server = await listen({ host: '127.0.0.1', port: 0, ...rules });
    setHandler(server, (asked, response) => response.end(errorUri(asked, 'not_found')));
    const { port } = server.address() as AddressInfo;
    const pages = await Promise.all(hosts.map((host) => bodyFrom(port, host)));
    await drain(server);
    return { port, pages };
  }

  const bodyFrom = (port: number, host: string | undefined) =>
    new Promise<string>((resolve, reject) => {
      const headers = host === undefined ? {} : { host };
      request({ host: '127.0.0.1', port, headers, setHost: false, agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });

  verifies('docs.error-uri', 'is under the allowed name that the client used, and under no other', async () => {
    const hosts = ['a.example:1', 'B.example', 'evil.example.com', 'a.example.evil.example.com:1', '', undefined];
    const { port, pages } = await pagesFor({ allowedHosts: ['a.example', 'b.example'] }, hosts);
    const standIn = `http://a.example:${port}/docs/errors#not_found`;
    expect(pages).toEqual([
      'http://a.example:1/docs/errors#not_found',
      'http://b.example/docs/errors#not_found',
      standIn,
      standIn,
      standIn,
      standIn,
    ]);
  });

  verifies('docs.error-uri', 'is under localhost where nothing else is allowed, or under the public URL', async () => {
    const { port, pages } = await pagesFor({}, ['localhost:1', 'evil.example.com']);
    expect(pages).toEqual([
      'http://localhost:1/docs/errors#not_found',
      `http://localhost:${port}/docs/errors#not_found`,
    ]);
    const own = await pagesFor({ publicUrl: 'https://mcp.example.com' }, ['localhost', 'evil.example.com']);
    expect(own.pages).toEqual(Array(2).fill('https://mcp.example.com/docs/errors#not_found'));
  });

  verifies('docs.error-uri', 'is told by its path where nobody says whose request it is', () => {
    expect(errorUri(new IncomingMessage(new Socket()), 'not_found')).toBe('/docs/errors#not_found');
  });
});
