import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Deadline } from '../../../src/outgoing/deadline.ts';
import { External } from '../../../src/outgoing/external.ts';
import { externalUrl } from '../../../src/outgoing/external-url.ts';
import type { GuardOptions } from '../../../src/outgoing/guarded-connector.ts';
import { isPublicAddress } from '../../../src/outgoing/public-address.ts';
import { AUTHORITY, CERTIFICATES, KEY, RSA } from '../../fixtures/certificates.ts';
import { type Listening, listening } from '../../fixtures/listening.ts';
import { verifies } from '../../verifies.ts';

const MINUTE = 60_000;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const ask = (options: GuardOptions, url: string, more: object = {}, signal = new AbortController().signal) =>
  new External(options).fetch({ url, method: 'GET', ...more }, 'mira', new Deadline(MINUTE, signal));

async function server(handler: Parameters<typeof listening>[0]): Promise<Listening & { connections: number }> {
  const started = Object.assign(await listening(handler), { connections: 0 });
  started.server.on('connection', () => started.connections++);
  opened.push(started);
  return started;
}

async function tlsServer(certificate: keyof typeof CERTIFICATES | ServerOptions) {
  let connections = 0;
  const options = typeof certificate === 'string' ? { key: KEY, cert: CERTIFICATES[certificate] } : certificate;
  const started = createServer(options, (_request, response) => {
    response.end('{}');
  });
  started.on('connection', () => connections++);
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => new Promise((resolve) => started.close(resolve)) });
  const { port } = started.address() as AddressInfo;
  return { port, connections: () => connections };
}

/** Addresses that are none of the public internet, each in a form in which somebody may give or resolve one. */
const NOT_PUBLIC = [
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['100.64.0.1', '100.100.100.200', '100.127.255.255', '169.254.169.254', '169.254.170.2', '168.63.129.16'],
  ...['192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1'],
  ...['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:0:7f00:1::', '2001:10::1'],
  ...[
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '2002:808:808::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
  ],
  ...['fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2a00:1450::5efe:7f00:1', '2a00:1450::200:5efe:a00:1'],
];
const PUBLIC = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '192.0.1.1', '198.20.0.1', '2606:4700::1111'];

const URLS_NOT_ASKED: [string, string][] = [
  ['http://example.com/mcp', 'not_https'],
  ['ftp://example.com/', 'not_https'],
  ['file:///etc/passwd', 'not_https'],
  ['https://user@example.com/', 'credentials_in_url'],
  ['https://:pass@example.com/', 'credentials_in_url'],
  ['https://example.com:22/', 'port_not_allowed'],
  ['https://example.com:80/', 'port_not_allowed'],
  ['https://example.com:6379/', 'port_not_allowed'],
  ['https://0177.0.0.1/', 'address_not_public'],
  ['https://0x7f.1/', 'address_not_public'],
  ['https://2130706433/', 'address_not_public'],
  ['https://127.1/', 'address_not_public'],
  ['https://127.0.0.1./', 'address_not_public'],
  ['https://①②⑦.⓪.⓪.①/', 'address_not_public'],
  ['https://[::1]/', 'address_not_public'],
  ['https://[::ffff:169.254.169.254]/', 'address_not_public'],
  ['https://[64:ff9b::169.254.169.254]/', 'address_not_public'],
  ['https://localhost/', 'address_not_public'],
  ['https://LOCALHOST./', 'address_not_public'],
  ['https://app.localhost/', 'address_not_public'],
  ['https://router/', 'address_not_public'],
  ['https://printer.local/', 'address_not_public'],
  ['https://metadata.google.internal/', 'address_not_public'],
  ['https://api.default.svc.cluster.local/', 'address_not_public'],
  ['https://nas.home.arpa/', 'address_not_public'],
  ['https://', 'no_url'],
  ['mcp', 'no_url'],
];

describe('what may be asked', () => {
  verifies('external.addresses', 'is an address of the public internet, in no other form', () => {
    expect(NOT_PUBLIC.filter(isPublicAddress)).toEqual([]);
    expect(PUBLIC.filter((address) => !isPublicAddress(address))).toEqual([]);
    expect(isPublicAddress('example.com')).toBe(false);
  });

  verifies.each<[string, string]>('external.addresses', URLS_NOT_ASKED)('is not %s (%s)', async (url, error) => {
    expect(externalUrl(url, { allowLoopback: false })).toBe(error);
    expect(await ask({ allowLoopback: false }, url)).toMatchObject({ error, headers: {}, text: '' });
  });

  verifies('external.addresses', 'is, of this machine, only what a sandbox has there', () => {
    const own = [
      'http://localhost:3002/mcp',
      'http://127.0.0.1:3002/',
      'http://[::1]:3002/',
      'https://localhost:3002/',
    ];
    for (const url of own) expect(externalUrl(url, { allowLoopback: true })).toMatchObject({ href: url });
    const others = ['http://10.0.0.1:3002/', 'http://example.com/', 'http://localhost:22/', 'http://localhost:6379/'];
    for (const url of others) expect(externalUrl(url, { allowLoopback: true })).toBeTypeOf('string');
  });
});

describe('names', () => {
  const resolveTo = (...answers: string[][]) => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return answers[Math.min(asked.length, answers.length) - 1] ?? [];
    };
    return { asked, resolve };
  };

  verifies('external.connect', 'that lead to an address that is not public are refused at the connection', async () => {
    const target = await tlsServer('good');
    for (const allowLoopback of [false, true]) {
      for (const address of NOT_PUBLIC) {
        const { resolve } = resolveTo([address]);
        const answer = await ask({ allowLoopback, resolve }, `https://mcp.example.com:${target.port}/`);
        expect([address, answer.error]).toEqual([address, 'address_not_public']);
      }
    }
    expect(target.connections()).toBe(0);
  });

  verifies('external.connect', 'are refused when one of their addresses is not public', async () => {
    const { resolve } = resolveTo(['8.8.8.8', '127.0.0.1']);
    const answer = await ask({ allowLoopback: false, resolve }, 'https://mcp.example.com/');
    expect(answer.error).toBe('address_not_public');
  });

  verifies(
    'external.connect',
    'are resolved once for a connection, so that another answer changes nothing',
    async () => {
      const target = await tlsServer('good');
      const { resolve, asked } = resolveTo(['192.0.2.1'], ['127.0.0.1']);
      const answer = await ask({ allowLoopback: true, resolve }, `https://mcp.example.com:${target.port}/`);
      expect([answer.error, asked, target.connections()]).toEqual(['address_not_public', ['mcp.example.com'], 0]);
    },
  );

  it('that do not exist are told as such', async () => {
    const failing = (code: string) => async () => Promise.reject(Object.assign(new Error('no'), { code }));
    const answers = ['ENOTFOUND', 'dns_failed'].map((code) =>
      ask({ allowLoopback: false, resolve: failing(code) }, 'https://mcp.example.com/'),
    );
    expect((await Promise.all(answers)).map(({ error }) => error)).toEqual(['no_such_host', 'dns_failed']);
  });
});

describe('an answer', () => {
  const own = { allowLoopback: true };

  it('is read with its headers, without credentials, and not through a proxy', async () => {
    const seen: object[] = [];
    const { url } = await server(({ headers }, response) => {
      seen.push(headers);
      response.writeHead(401, [...['www-authenticate', 'Basic'], ...['www-authenticate', 'Bearer scope="a"']]);
      response.end('no');
    });
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      const answer = await ask(own, `${url}/mcp?x=1#y`);
      expect(answer).toMatchObject({ status: 401, text: 'no', url: `${url}/mcp?x=1` });
      expect(answer.headers['www-authenticate']).toBe('Basic, Bearer scope="a"');
    } finally {
      delete process.env['http_proxy'];
    }
    expect(Object.keys(seen[0] ?? {})).not.toContain('authorization');
    expect(Object.keys(seen[0] ?? {})).not.toContain('cookie');
  });

  verifies('external.redirects', 'is followed to where it leads, hop by hop, and not without being asked', async () => {
    const { url } = await server(({ url = '' }, response) => {
      const next = /^\/(\d)$/.exec(url)?.[1];
      if (next === undefined || next === '0') return void response.end('there');
      response.writeHead(302, { location: `/${Number(next) - 1}` }).end();
    });
    expect(await ask(own, `${url}/1`)).toMatchObject({ status: 302, redirects: [] });
    const followed = await ask(own, `${url}/3`, { follow: true });
    expect(followed).toMatchObject({ status: 200, text: 'there', redirects: [`${url}/2`, `${url}/1`, `${url}/0`] });
    expect(await ask(own, `${url}/4`, { follow: true })).toMatchObject({ error: 'too_many_redirects' });
  });

  verifies.each<[string, string]>('external.redirects', [
    ['http://169.254.169.254/latest/meta-data/', 'not_https'],
    ['https://169.254.169.254/latest/meta-data/', 'address_not_public'],
    ['https://[::ffff:a00:1]/', 'address_not_public'],
    ['https://user:pass@example.com/', 'credentials_in_url'],
    ['file:///etc/passwd', 'not_https'],
  ])('is not followed to %s', async (location, error) => {
    const { url } = await server((_request, response) => response.writeHead(307, { location }).end());
    expect(await ask(own, url, { follow: true })).toMatchObject({ error, redirects: [location] });
  });

  verifies('external.named', 'of this machine is not asked for where a stranger names it', async () => {
    const { url, port } = await server((_request, response) => response.end('own'));
    const named = (address: string, namedBy: string) => ask(own, address, { namedBy });
    expect(await named(url, 'https://mcp.example.com/mcp')).toMatchObject({ error: 'not_https' });
    expect(await named(`https://localhost:${port}/`, 'https://localhost.example.com/')).toMatchObject({
      error: 'address_not_public',
    });
    expect(await named(url, 'http://localhost:3002/mcp')).toMatchObject({ status: 200, text: 'own' });
  });

  verifies('external.limits', 'is sought only so often for one person, on other machines than this', async () => {
    let now = 0;
    const external = new External({ allowLoopback: true, resolve: async () => ['192.0.2.1'] }, () => now);
    const deadline = new Deadline(MINUTE, new AbortController().signal);
    const fetch = (person: string, url = 'https://mcp.example.com/mcp') =>
      external.fetch({ url, method: 'GET' }, person, deadline);
    for (let i = 0; i < 150; i++) expect(await fetch('mira')).toMatchObject({ error: 'address_not_public' });
    const refused = { code: 'rate_limited', recovery: { retryable: true, retryAfterMs: expect.any(Number) } };
    await expect(fetch('mira')).rejects.toMatchObject(refused);
    expect(await fetch('ada')).toMatchObject({ error: 'address_not_public' });
    const { url } = await server((_request, response) => response.end('own'));
    expect(await fetch('mira', url)).toMatchObject({ text: 'own' });
    now = 17_000;
    for (let i = 0; i < 50; i++) expect(await fetch('mira')).toMatchObject({ error: 'address_not_public' });
  });

  verifies('external.limits', 'is read up to a limit, and of a stream that does not end its first event', async () => {
    const { url } = await server(({ url: path }, response) => {
      if (path === '/long') {
        const more = () => {
          if (response.write('x'.repeat(16_384))) setImmediate(more);
          else response.once('drain', more);
        };
        return more();
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of ['data: 1', '\n', '\ndata: 2']) response.write(part);
    });
    const long = await ask(own, `${url}/long`);
    expect([long.status, long.text.length, long.cut]).toEqual([200, 65_536, 'too_long']);
    const events = await ask(own, `${url}/events`);
    expect(events.text).toContain('data: 1\n\n');
    expect(events.cut).toBeUndefined();
  });

  verifies('external.cut', 'says whether all of it was read, to the byte', async () => {
    const { url } = await server(({ url: path = '' }, response) => {
      if (path !== '/broken') return void response.end('x'.repeat(Number(path.slice(1))));
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345', () => response.destroy());
    });
    for (const [length, cut] of [
      [0, undefined],
      [65_536, undefined],
      [65_537, 'too_long'],
    ] as const) {
      const answer = await ask(own, `${url}/${length}`);
      expect([answer.text.length, answer.cut]).toEqual([Math.min(length, 65_536), cut]);
    }
    expect(await ask(own, `${url}/broken`)).toMatchObject({ status: 200, cut: 'broken_off' });
  });

  verifies('external.limits', 'has headers up to a limit, and beyond it that alone is told', async () => {
    const { url } = await server(({ url: path }, response) => {
      const lines = Array.from({ length: path === '/long' ? 20 : 10 }, (_, at) => [`x-${at}`, 'x'.repeat(1_000)]);
      response.writeHead(200, Object.fromEntries(lines)).end('there');
    });
    expect(await ask(own, `${url}/short`)).toMatchObject({ status: 200, text: 'there' });
    expect(await ask(own, `${url}/long`)).toMatchObject({ error: 'headers_too_long', headers: {}, text: '' });
  });

  verifies.each('external.cut', [
    ['a status of 000', 'HTTP/1.1 000 Nothing\r\n\r\n', 'ERR_ASSERTION'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'HTTPParserError'],
    ['headers that are none', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n', 'HTTPParserError'],
  ])('that breaks the rules of HTTP is no connection that broke off: %s', async (_name, sent, reason) => {
    const { url } = await server(({ socket }) => void socket.end(sent));
    expect(await ask(own, url)).toMatchObject({ error: 'not_http', reason, headers: {} });
  });

  verifies.each('external.cut', [
    [
      'constructor',
      'HTTP/1.1 200 OK\r\nconstructor: a\r\nConnection: close\r\n\r\nthere',
      { status: 200, headers: { constructor: 'a' } },
    ],
    [
      'constructor twice',
      'HTTP/1.1 200 OK\r\nconstructor: a\r\nconstructor: b\r\nConnection: close\r\n\r\nthere',
      { status: 200, headers: { constructor: 'a, b' } },
    ],
    ['__proto__', 'HTTP/1.1 200 OK\r\n__proto__: a\r\n__proto__: b\r\nConnection: close\r\n\r\nthere', { status: 200 }],
    ['toString', 'HTTP/1.1 200 OK\r\ntoString: a\r\nConnection: close\r\n\r\nthere', { status: 200 }],
  ])('takes an answer as it is: %s', async (_name, sent, expected) => {
    const { url } = await server(({ socket }) => void socket.end(sent));
    expect(await ask(own, url)).toMatchObject(expected);
  });

  verifies.each('external.limits', [
    ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', { error: 'headers_too_long' }],
    [
      'extensions of chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      `1;${'x'.repeat(1_000)}\r\na\r\n`,
      { status: 200, cut: 'broken_off' },
    ],
  ])('has a limit of bytes in all, %s included', async (_name, head, piece, expected) => {
    let sent = 0;
    const { url } = await server(({ socket }) => {
      socket.on('error', () => undefined);
      socket.write(head);
      const text = piece.repeat(100);
      const more = () => {
        if (socket.destroyed) return;
        sent += text.length;
        socket.write(text, more);
      };
      more();
    });
    expect(await ask(own, url)).toMatchObject(expected);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  verifies('external.limits', 'that does not come ends with the call', async () => {
    const controller = new AbortController();
    const { url } = await server(() => controller.abort());
    await expect(ask(own, url, {}, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  verifies('external.limits', 'that does not come in time is told of whom was asked, and not of Scalekit', async () => {
    const { url } = await server(() => undefined);
    const deadline = new Deadline(50, new AbortController().signal);
    const asked = new External(own).fetch({ url, method: 'GET' }, 'mira', deadline);
    await expect(asked).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringMatching(/^The servers that were to be asked did not answer in time/),
    });
  });

  verifies('external.limits', 'is over for whoever is told that its time is over', async () => {
    const late = Array.from({ length: 200 }, async (_, i) => {
      const deadline = new Deadline(1 + i / 20, new AbortController().signal);
      await deadline.run((signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)));
      return deadline.remainingMs();
    });
    expect(Math.max(...(await Promise.all(late)))).toBeLessThanOrEqual(0);
  });

  verifies('external.limits', 'is read up to a number of pieces, each of which costs memory', async () => {
    const { url } = await server(async (_request, response) => {
      for (let i = 0; i < 4_000 && !response.closed; i++) {
        response.write('a');
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect((await ask(own, url)).text.length).toBeLessThan(4_000);
  });

  verifies('external.limits', 'of a person waits while a few others of the same person do not come', async () => {
    const held: (() => void)[] = [];
    let arrived = () => {};
    const six = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await server(({ url: path }, response) => {
      if (path === '/quick') return void response.end('quick');
      held.push(() => response.end('slow'));
      if (held.length === 6) arrived();
    });
    const external = new External(own);
    const deadline = new Deadline(MINUTE, new AbortController().signal);
    const order: string[] = [];
    const fetch = async (path: string, person: string, name: string) => {
      await external.fetch({ url: url + path, method: 'GET' }, person, deadline);
      order.push(name);
    };
    const slow = Array.from({ length: 6 }, () => fetch('/slow', 'mira', 'slow'));
    await six;
    const behind = fetch('/quick', 'mira', 'behind');
    await fetch('/quick', 'ada', 'other person');
    for (const release of held) release();
    await Promise.all([...slow, behind]);
    expect(order[0]).toBe('other person');
    expect(order.indexOf('behind')).toBeGreaterThan(1);
  });

  verifies.each<[keyof typeof CERTIFICATES, string | undefined, object]>('external.certificates', [
    ['good', AUTHORITY, { status: 200 }],
    ['good', undefined, { error: 'certificate', reason: expect.any(String) }],
    ['expired', AUTHORITY, { error: 'certificate', reason: 'CERT_HAS_EXPIRED' }],
    ['other', AUTHORITY, { error: 'certificate', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
  ])('with the certificate %s counts by who has signed it', async (certificate, ca, expected) => {
    const { port } = await tlsServer(certificate);
    const unverified = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await ask({ allowLoopback: true, ca }, `https://localhost:${port}/`)).toMatchObject(expected);
    } finally {
      if (unverified === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = unverified;
    }
  });

  verifies.each<[string, ServerOptions, object]>('external.handshake', [
    [
      'a key by a group that the server has made',
      { ...RSA, ciphers: 'DHE-RSA-AES128-GCM-SHA256', dhparam: 'auto', maxVersion: 'TLSv1.2' },
      { error: 'tls', reason: expect.stringContaining('HANDSHAKE_FAILURE') },
    ],
    [
      'more certificates than any chain has',
      { key: KEY, cert: CERTIFICATES.good + AUTHORITY.repeat(60) },
      { error: 'handshake_too_long' },
    ],
    ['a long chain', { key: KEY, cert: CERTIFICATES.good + AUTHORITY.repeat(20) }, { status: 200 }],
    ['an RSA certificate', { ...RSA, maxVersion: 'TLSv1.2' }, { status: 200 }],
  ])('is over before much is worked out for %s', async (_what, options, expected) => {
    const { port } = await tlsServer(options);
    const ca = AUTHORITY + RSA.cert;
    expect(await ask({ allowLoopback: true, ca }, `https://localhost:${port}/`)).toMatchObject(expected);
  });

  verifies('external.handshake', 'happens once, however often the server asks for another one', async () => {
    let handshakes = 0;
    const started = createTlsServer({ ...RSA, maxVersion: 'TLSv1.2' }, (socket) => {
      handshakes++;
      const answer = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
      socket.once('error', answer);
      socket.once('data', () => {
        socket.renegotiate({}, (error) => {
          if (error === null) handshakes++;
          answer();
        });
      });
    });
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise((resolve) => started.close(resolve)) });
    const { port } = started.address() as AddressInfo;
    await ask({ allowLoopback: true, ca: RSA.cert }, `https://localhost:${port}/`);
    expect(handshakes).toBe(1);
  });

  it('of what is no such server is a failure with its reason', async () => {
    const { port } = await server((_request, response) => response.end());
    expect(await ask(own, `https://localhost:${port}/`)).toMatchObject({ error: 'tls' });
    expect(await ask(own, 'http://localhost:1025/')).toMatchObject({
      error: 'connection_refused',
      reason: 'ECONNREFUSED',
    });
  });
});
