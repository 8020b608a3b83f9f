// Runs the official conformance suite in both revisions: against the built server on its sandbox, and against the same
// HTTP stack in front of the tools, prompts and resources that the suite wants (tests/conformance/fixtures.ts). The suite
// does not support authorization, so a proxy between the two adds a token, and changes nothing else.
//
//   node scripts/conformance.mjs FOLDER [BUILD]   where FOLDER/node_modules holds @modelcontextprotocol/conformance
//
// BUILD is one of `server` and `fixtures`; without it, both run. What cannot pass is listed, with the reason, in
// tests/conformance/BUILD-REVISION.yml. The run fails if any other scenario fails, or if one of these passes.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REVISIONS = ['2026-07-28', '2025-11-25'];
const root = fileURLToPath(new URL('..', import.meta.url));
const BUILDS = { server: ['dist/main.js'], fixtures: ['--import', 'tsx', 'tests/conformance/server.ts'] };
const [folder, only] = process.argv.slice(2);
const suite = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

const failed = [];
for (const build of Object.keys(BUILDS).filter((name) => only === undefined || name === only)) await check(build);
if (failed.length > 0) {
  console.error(`Not as expected on ${failed.join(' and ')}.`);
  process.exitCode = 1;
}

async function check(build) {
  const { server, url, sandboxUrl } = await startServer(BUILDS[build]);
  const proxy = await startProxy(new URL(url).port, await fetchToken(sandboxUrl));
  for (const revision of REVISIONS) {
    const target = `http://localhost:${proxy.address().port}/mcp`;
    if (!(await conforms(build, revision, target))) failed.push(`${build} ${revision}`);
  }
  proxy.close();
  server.kill();
}

function startServer(args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    // The suite reads the first resource: that must not depend on a site elsewhere.
    env: { PATH: process.env.PATH, PORT: '0', SANDBOX_PORT: '0', RATE_LIMIT: 'off', DOCS_URL: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const events = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      const ready = events.find(({ event }) => event === 'ready');
      const sandbox = events.find(({ event }) => event === 'sandbox');
      if (ready) resolve({ server: child, url: ready.url, sandboxUrl: sandbox.url });
    });
  });
}

async function fetchToken(sandboxUrl) {
  const response = await fetch(`${sandboxUrl}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-machine:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return (await response.json()).access_token;
}

function startProxy(port, token) {
  const server = createServer((incoming, outgoing) => {
    const headers = [...incoming.rawHeaders, 'Authorization', `Bearer ${token}`];
    const forward = request(
      { port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    forward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forward.destroy());
    incoming.pipe(forward);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function conforms(build, revision, target) {
  const results = mkdtempSync(join(tmpdir(), 'conformance-'));
  const baseline = join(root, `tests/conformance/${build}-${revision}.yml`);
  const args = [
    suite,
    'server',
    '--url',
    target,
    '--requirements',
    revision,
    '-o',
    results,
    '--expected-failures',
    baseline,
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      console.log(`\n${build} ${revision}\n${stdout.slice(stdout.indexOf('=== SUMMARY'))}`);
      resolve(error === null);
    });
  });
}
