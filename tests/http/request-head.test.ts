import { afterAll, beforeAll, describe, expect } from 'vitest';
import { rawAnswer } from '../fixtures/raw-connection.ts';
import { refusalIn } from '../fixtures/refusal-in.ts';
import { eraHeaders } from '../fixtures/rpc.ts';
import { running, type TestServer } from '../fixtures/running.ts';
import { FakeScalekit } from '../fixtures/scalekit.ts';
import { verifies } from '../verifies.ts';

let scalekit: FakeScalekit;
let server: TestServer;
let own: string;
let fields: readonly string[];

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const PLAIN = { body: PING, framing: `Content-Length: ${PING.length}` };

beforeAll(async () => {
  scalekit = await FakeScalekit.start();
  server = await running(scalekit.env);
  own = `localhost:${server.port}`;
  const headers = { ...eraHeaders('legacy', 'ping'), authorization: `Bearer ${await scalekit.mint()}` };
  fields = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), 'Connection: close'];
});
afterAll(async () => {
  await server.stop();
  await scalekit.close();
});

/** Replaces the name of the server, which the tests do not know before it runs. */
const here = (text: string) => text.replaceAll('OWN', own);

/** Asks with these lines in front of those of a good `ping`. */
async function ask(line: string, lines: readonly string[], framed: { body: string; framing: string } = PLAIN) {
  const head = [line, ...lines, ...fields, framed.framing].map(here);
  const answer = await rawAnswer(server.port, `${head.join('\r\n')}\r\n\r\n${framed.body}`);
  return { ...answer, json: JSON.parse(answer.body) };
}

const POST = 'POST /mcp HTTP/1.1';
const HOST = 'Host: OWN';

/** An answer in the form of every refusal, after which the connection ends. */
function expectRefusal({ status, head, json }: Awaited<ReturnType<typeof ask>>, expected: number, error: string): void {
  // A target that cannot be read is not the endpoint.
  const facts = json.jsonrpc === undefined ? json : refusalIn(json);
  expect({ status, facts }).toEqual({
    status: expected,
    facts: {
      error,
      error_description: expect.stringMatching(/\.$/),
      error_uri: expect.stringMatching(/^http:\/\/(localhost:\d+|127\.0\.0\.1)\/docs\/errors#/),
    },
  });
  expect(head).toMatch(/\r\nAccess-Control-Allow-Origin: \*(\r\n|$)/i);
  expect(head).toMatch(/\r\nX-Request-Id: /i);
}

describe('which server a request is for', () => {
  verifies.each('http.host', [
    ['two Host lines', [HOST, 'Host: evil.example']],
    ['two equal ones', [HOST, HOST]],
    ['a foreign one first', ['Host: evil.example', HOST]],
    ['none', []],
    ['a Host with userinfo', ['Host: x@OWN']],
    ['a Host with a path', ['Host: OWN/x']],
    ['a Host that is a list', ['Host: OWN, OWN']],
    ['a Host with two ports', ['Host: OWN:80']],
    ['a Host with a port that is no number', ['Host: localhost:http']],
    ['a Host with a port beyond all ports', ['Host: localhost:65536']],
    ['an address without its brackets', ['Host: ::1']],
    ['an address with half of its brackets', ['Host: [::1']],
    ['letters that no name has', ['Host: l\u00f6calhost']],
  ])('is refused when it cannot be told: %s', async (_name, lines) => {
    const answer = await ask(POST, lines);
    expectRefusal(answer, 400, 'invalid_request');
    expect(answer.head).toMatch(/\r\nConnection: close/i);
    expect((await ask('GET /health HTTP/1.1', lines)).status).toBe(400);
  });

  verifies.each('http.host', [
    ['an origin’s path', POST, 200],
    ['the whole URL', 'POST http://OWN/mcp HTTP/1.1', 200],
    ['the whole URL in capitals', 'POST HTTP://LOCALHOST:PORT/mcp HTTP/1.1', 200],
    ['the whole URL of the root', 'POST http://OWN HTTP/1.1', 200],
    ['the whole URL of the root, with a query', 'POST http://OWN?x=1 HTTP/1.1', 200],
    ['the whole URL of somebody else', 'POST http://evil.example/mcp HTTP/1.1', 403],
    ['the whole URL under another name of this server', 'POST http://127.0.0.1/mcp HTTP/1.1', 400],
    ['the whole URL with userinfo', 'POST http://OWN@OWN/mcp HTTP/1.1', 400],
    ['the whole URL without a name', 'POST http:///mcp HTTP/1.1', 400],
    ['another scheme', 'POST ftp://OWN/mcp HTTP/1.1', 400],
    ['an asterisk', 'POST * HTTP/1.1', 400],
    ['a fragment', 'POST /mcp#x HTTP/1.1', 400],
  ])('is said by the target: %s', async (_name, line, status) => {
    const answer = await ask(line.replace('PORT', String(server.port)), [HOST]);
    expect({ line, status: answer.status }).toEqual({ line, status });
    if (status === 200) expect(answer.json).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    else expectRefusal(answer, status, status === 403 ? 'access_denied' : 'invalid_request');
  });

  verifies.each('http.host', [
    ['a backslash', 'POST http://OWN\\@evil.example/mcp HTTP/1.1'],
    ['letters that no URL has', 'POST /mcp?\u00e9 HTTP/1.1'],
    ['an authority alone', 'POST OWN HTTP/1.1'],
  ])('is said by no target that Node.js itself does not take: %s', async (_name, line) => {
    expect((await rawAnswer(server.port, here(`${line}\r\n${HOST}\r\n\r\n`))).status).toBe(400);
  });

  verifies('http.host', 'is the target’s authority, whichever Host stands beside it', async () => {
    expect((await ask('POST http://evil.example/mcp HTTP/1.1', ['Host: evil.example'])).status).toBe(403);
    expect((await ask('POST http://OWN/mcp HTTP/1.1', ['Host: evil.example'])).status).toBe(400);
    // HTTP/1.0 knows no Host, and probes of load balancers still speak it.
    expect((await ask('POST http://OWN/mcp HTTP/1.0', [])).status).toBe(200);
    expect((await ask('GET /health HTTP/1.0', [])).status).toBe(200);
    expect((await ask('POST /mcp HTTP/1.0', [])).status).toBe(403);
  });

  verifies('http.host', 'is this one when the question is about the server as a whole', async () => {
    const answer = await rawAnswer(server.port, here(`OPTIONS * HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`));
    expect(answer.status).toBe(204);
  });

  verifies('http.host', 'is not asked in versions that nobody speaks', async () => {
    expectRefusal(await ask('POST /mcp HTTP/2.0', [HOST]), 505, 'invalid_request');
  });
});

describe('the framing of a body', () => {
  const CHUNKED = { body: `${PING.length.toString(16)}\r\n${PING}\r\n0\r\n\r\n` };

  verifies.each('http.framing', ['chunked', 'Chunked', ' chunked'])('may be %j', async (coding) => {
    expect(await ask(POST, [HOST], { ...CHUNKED, framing: `Transfer-Encoding: ${coding}` })).toMatchObject({
      status: 200,
      json: { id: 1, result: {} },
    });
  });

  verifies.each('http.framing', ['gzip, chunked', 'identity', ',chunked', 'x-chunked, chunked'])(
    'may have no other coding: %j',
    async (coding) => {
      const head = [POST, HOST, ...fields, `Transfer-Encoding: ${coding}`].map(here).join('\r\n');
      const answer = await rawAnswer(server.port, `${head}\r\n\r\n${CHUNKED.body}`);
      expect(answer.status).toBe(501);
      expect(refusalIn(JSON.parse(answer.body.split('HTTP/1.1')[0] ?? ''))).toMatchObject({ error: 'invalid_request' });
      expect(answer.head).toMatch(/\r\nConnection: close/i);
    },
  );

  verifies.each('http.framing', [
    ['chunked twice', ['Transfer-Encoding: chunked, chunked']],
    ['chunked on two lines', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['chunked and then another coding', ['Transfer-Encoding: chunked, gzip']],
    ['a length as well', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['a length behind it', ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 5']],
    ['a length with a sign', ['Content-Length: +5']],
    ['white space in front of a colon', ['Transfer-Encoding : chunked']],
    ['a folded line', ['Transfer-Encoding:\r\n chunked']],
  ])('is refused where two readers would see two bodies: %s', async (_name, framing) => {
    const head = [POST, HOST, ...fields, ...framing].map(here).join('\r\n');
    expect((await rawAnswer(server.port, `${head}\r\n\r\n${CHUNKED.body}`)).status).toBe(400);
  });

  verifies('http.framing', 'is refused in HTTP/1.0, which has none', async () => {
    const answer = await ask('POST /mcp HTTP/1.0', [HOST], { ...CHUNKED, framing: 'Transfer-Encoding: chunked' });
    expectRefusal(answer, 400, 'invalid_request');
  });

  verifies('http.framing', 'has one media type', async () => {
    expectRefusal(await ask(POST, [HOST, 'Content-Type: application/json']), 400, 'invalid_request');
  });
});

describe('what a request expects', () => {
  verifies.each('http.expectation', ['100-continue', '100-Continue'])('may be %s', async (expected) => {
    const head = [POST, HOST, `Expect: ${expected}`, ...fields, PLAIN.framing].map(here).join('\r\n');
    const answer = await rawAnswer(server.port, `${head}\r\n\r\n${PING}`);
    expect(answer.status).toBe(100);
    expect(answer.body).toMatch(/^HTTP\/1\.1 200 /);
  });

  verifies.each('http.expectation', ['more', '100-continued'])(
    'is refused otherwise, like all else that a head says, and is in the log: %s',
    async (expected) => {
      expectRefusal(await ask(POST, [HOST, `Expect: ${expected}`, 'X-Request-Id: expecting']), 417, 'invalid_request');
      await expect
        .poll(() => server.lines.filter(({ clientRequestId: id }) => id === 'expecting'))
        .toContainEqual(expect.objectContaining({ event: 'request', status: 417, outcome: 'bad_request' }));
      server.lines.length = 0;
    },
  );

  verifies('http.expectation', 'is refused under a foreign Host for that alone', async () => {
    expectRefusal(await ask(POST, ['Host: evil.example', 'Expect: more']), 403, 'access_denied');
  });
});

describe('the number of headers', () => {
  const padding = (count: number) => Array.from({ length: count }, () => 'a:');

  verifies('http.header-count', 'may be 200', async () => {
    const others = fields.length + 2;
    expect((await ask(POST, [HOST, ...padding(200 - others)])).status).toBe(200);
    expectRefusal(await ask(POST, [HOST, ...padding(201 - others)]), 431, 'invalid_request');
  });

  verifies.each('http.header-count', [
    ['a second token', 'Authorization: Bearer x'],
    ['a foreign page', 'Origin: https://evil.example'],
    ['a lie about an argument', 'Mcp-Param-Name: x'],
    ['a second Host', 'Host: evil.example'],
  ])('is limited, so that none is lost behind so many: %s', async (_name, last) => {
    for (const count of [300, 2_000, 5_000]) {
      const head = [POST, HOST, ...fields, `Content-Length: ${PING.length}`, ...padding(count), last].map(here);
      expect((await rawAnswer(server.port, `${head.join('\r\n')}\r\n\r\n${PING}`)).status).toBe(431);
    }
  });
});
