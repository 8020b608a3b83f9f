import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Client2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Transport2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, afterEach, describe, expect } from 'vitest';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { builtServer } from '../fixtures/built.ts';
import { CLIENTS, type ClientName, type ContentClient } from '../fixtures/content-clients.ts';
import { commandsHere, type SessionHereOptions, sessionHere } from '../fixtures/here.ts';
import { recordsIn } from '../fixtures/ledger.ts';
import { ROOT } from '../fixtures/process.ts';
import { rpcBody } from '../fixtures/rpc.ts';
import { FakeScalekit, json } from '../fixtures/scalekit.ts';
import { calling, INITIALIZE, request, type StdioProgram, startStdio } from '../fixtures/stdio-program.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const folder = mkdtempSync(join(tmpdir(), 'stdio-'));
afterAll(() => rmSync(folder, { recursive: true }));

const here = commandsHere(built);
const running: StdioProgram[] = [];
const sessions: Awaited<ReturnType<typeof sessionHere>>[] = [];
afterEach(async () => {
  for (const program of running.splice(0)) {
    program.child.kill('SIGKILL');
    await program.exit();
  }
  for (const session of sessions.splice(0)) {
    session.end();
    await session.exit();
  }
});

const surroundings = (env: Readonly<Record<string, string>> = {}) => ({
  cwd: folder,
  env: { DOCS_URL: 'off', ...env },
});

/** Starts the program in a process of its own. */
async function startProcess(env: Record<string, string>): Promise<StdioProgram> {
  const program = startStdio(built.script, { cwd: folder, env });
  running.push(program);
  return greeted(program);
}

/** Opens a session in this process. */
async function start(options: Partial<SessionHereOptions> = {}) {
  const session = await sessionHere(built, { ...options, ...surroundings(options.env) });
  sessions.push(session);
  return greeted(session);
}

/** Shakes hands, as a client of 2025 does. */
async function greeted<Program extends Omit<StdioProgram, 'child'>>(program: Program): Promise<Program> {
  program.send(INITIALIZE);
  await program.reply('initialize');
  program.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return program;
}

/** A client of the SDK that has started the program itself. */
async function connected(name: ClientName, args: readonly string[] = []): Promise<ContentClient> {
  const server = {
    command: process.execPath,
    args: [join(ROOT, built.script), 'stdio', ...args],
    env: { DOCS_URL: 'off', AUDIT_LOG: 'off' },
    cwd: folder,
    stderr: 'ignore' as const,
  };
  if (name === 'SDK 1.x') {
    const client = new Client1({ name: 'test', version: '1' });
    // This release of the SDK is written without exactOptionalPropertyTypes.
    await client.connect(new Transport1(server) as Parameters<Client1['connect']>[0]);
    return client as unknown as ContentClient;
  }
  const mode = name === 'SDK 2.x of 2025-11-25' ? 'legacy' : { pin: '2026-07-28' };
  const client = new Client2({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new Transport2(server));
  return client;
}

const textOf = ({ content }: object & { content?: unknown }) => (content as { text: string }[])[0]?.text ?? '';

describe.each(CLIENTS)('%s', (name) => {
  verifies('stdio.clients', 'lists, reads, completes and calls, and deletes in two steps', async () => {
    const client = await connected(name);
    try {
      const listed = await client.callTool({ name: 'list_organizations', arguments: {} });
      const { organizations } = listed.structuredContent as { organizations: { id: string }[] };
      const organizationId = organizations[0]?.id ?? '';
      expect(organizationId).toMatch(/^org_/);

      const { resourceTemplates } = await client.listResourceTemplates();
      expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(
        'scalekit://organizations/{organizationId}',
      );
      const { contents } = await client.readResource({ uri: `scalekit://organizations/${organizationId}` });
      expect(JSON.stringify(contents)).toContain(organizationId);
      expect((await client.listPrompts()).prompts).not.toHaveLength(0);
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri: 'scalekit://organizations/{organizationId}' },
        argument: { name: 'organizationId', value: organizationId },
      });
      expect(completion.values).toEqual([organizationId]);

      const shown = await client.callTool({ name: 'delete_organization', arguments: { organizationId } });
      expect(shown.isError).toBe(true);
      const { error } = JSON.parse(textOf(shown).replace(/^Error /, ''));
      expect(error).toMatchObject({ code: 'confirmation_required' });
      const { confirmation } = error;
      const gone = await client.callTool({ name: 'delete_organization', arguments: { organizationId, confirmation } });
      expect(gone.structuredContent).toEqual({ deleted_id: organizationId });
      const again = await client.callTool({ name: 'delete_organization', arguments: { organizationId, confirmation } });
      expect(textOf(again)).toContain('confirmation_invalid');
    } finally {
      await client.close();
    }
  });
});

verifies('cli.secrets', 'calls at once put every secret into the file, and none into a message', async () => {
  const place = mkdtempSync(join(folder, 'secrets-'));
  const program = await start({ secretsTo: join(place, '.env') });
  program.send(calling(1, 'list_organizations', {}));
  const { result } = await program.reply(1);
  const { organizations } = (result as { structuredContent: { organizations: { id: string }[] } }).structuredContent;
  const organizationId = organizations[0]?.id;
  const ids = [2, 3, 4];
  for (const id of ids)
    program.send(calling(id, 'create_organization_client', { name: `Client ${id}`, organizationId }));
  const answers = await Promise.all(ids.map((id) => program.reply(id)));
  const text = readFileSync(join(place, '.env'), 'utf8');
  const written = new Map([...text.matchAll(/^(\w+)='([^'\n]{20,})'$/gm)].map(([, name, value]) => [name, value]));
  expect([...written.keys()].sort()).toEqual([
    'ORGANIZATION_CLIENT_SECRET',
    'ORGANIZATION_CLIENT_SECRET_2',
    'ORGANIZATION_CLIENT_SECRET_3',
  ]);
  expect(new Set(written.values()).size).toBe(3);
  for (const answer of answers)
    expect(JSON.stringify(answer)).toMatch(/\[not shown: ORGANIZATION_CLIENT_SECRET(_[23])? in/);
  for (const secret of written.values()) expect(program.lines().join() + program.stderr()).not.toContain(secret);
});

verifies('cli.secrets', 'nothing is made while the file cannot be written', async () => {
  const place = mkdtempSync(join(folder, 'secrets-'));
  const file = join(place, '.env');
  const program = await start({ secretsTo: file });
  mkdirSync(file);
  program.send(calling(1, 'create_organization_client', { name: 'Billing', organizationId: 'org_1' }));
  const refused = JSON.stringify(await program.reply(1));
  expect(refused).toContain('Nothing was done');
  expect(refused).not.toContain(place);
});

verifies('stdio.narrow', 'options narrow what is offered, and never widen it', async () => {
  const program = await start({
    toolsets: 'organizations',
    readOnly: true,
    env: { TOOLSETS: 'session,organizations' },
  });
  program.send(request(1, 'tools/list'));
  const { result } = await program.reply(1);
  const names = (result as { tools: { name: string }[] }).tools.map((tool) => tool.name);
  expect(names).toEqual(['list_organizations', 'get_organization_details']);
  program.send(calling(2, 'create_organization', { name: 'Acme' }));
  expect((await program.reply(2))['error']).toMatchObject({ code: -32602 });
  program.send(calling(3, 'list_roles'));
  expect((await program.reply(3))['error']).toMatchObject({ code: -32602 });
});

verifies.each('stdio.refused-start', [
  [{}, ['--toolsets', 'nothing'], 2, '--toolsets names a toolset that does not exist'],
  [{}, ['--environment', 'env_1'], 2, '--environment: this server acts in one environment already'],
  [{ SCALEKIT_ENV_URL: 'https://acme.scalekit.dev' }, [], 78, 'SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET'],
  [
    { SCALEKIT_ENV_URL: 'https://acme.scalekit.dev', SCALEKIT_API_URL: 'https://acme.scalekit.dev' },
    [],
    78,
    'SCALEKIT_API_URL: means workspace mode',
  ],
  [{ NODE_ENV: 'production' }, [], 78, 'SCALEKIT_ENV_URL'],
] as const)('what cannot be served is said on stderr, and nothing on stdout: %j %j', async (env, args, code, why) => {
  const end = await here(['stdio', ...args], surroundings(env)).end();
  expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(why) });
});

verifies('stdio.credentials', 'needs no more than the URL and the client of the environment', async () => {
  const scalekit = await FakeScalekit.start();
  scalekit.api = (_request, response) => json(response, 200, { organizations: [], total_size: 0 });
  try {
    const env = { SCALEKIT_ENV_URL: scalekit.url, SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'its-secret' };
    // What only a server on a port reads says nothing here.
    const program = await start({ env: { ...env, HOST: '0.0.0.0', ALLOWED_SUBJECTS: 'usr_1', WORKERS: '3' } });
    program.send(calling(1, 'list_organizations'));
    expect(await program.reply(1)).toMatchObject({ result: { structuredContent: { organizations: [] } } });
    expect(scalekit.requests.at(-1)?.headers['authorization']).toBe('Bearer environment-token');
    program.send(calling(2, 'whoami'));
    const { result } = await program.reply(2);
    expect(result).toMatchObject({ structuredContent: { subject: 'skc_1', scopes: { missing: [] } } });
    program.end();
    expect(await program.exit()).toBe(0);
    expect(program.stderr()).not.toContain('its-secret');
    expect(program.stderr()).not.toContain('environment-token');
  } finally {
    await scalekit.close();
  }
});

verifies('stdio.junk', 'what is no message is refused, and nothing after it is lost', async () => {
  const program = await start();
  const lines = [
    'junk',
    '{"jsonrpc":"2.0","id":1',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    '"text"',
    '{"id":2,"method":"ping"}',
    '{"jsonrpc":"2.0","id":3}',
    `{"jsonrpc":"2.0","id":${'9'.repeat(30)},"method":"ping"}`,
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    Buffer.from([0xff, 0xfe, 0x7b]).toString('latin1'),
  ];
  for (const line of lines) program.send(line);
  // A response to what nobody has asked, empty lines and an unknown notification are passed over.
  program.send({ jsonrpc: '2.0', id: 4, result: {} });
  program.send('\r');
  program.send({ jsonrpc: '2.0', method: 'notifications/unheard_of' });
  program.send(request(5, 'unheard/of'));
  program.send(request(6, 'ping'));
  expect(await program.reply(6)).toMatchObject({ result: {} });
  expect(await program.reply(5)).toMatchObject({ error: { code: -32601 } });
  expect(await program.reply(2)).toMatchObject({ error: { code: -32600 } });
  expect(await program.reply(3)).toMatchObject({ error: { code: -32600 } });
  const nameless = program.replies().filter(({ id }) => id === null);
  expect(nameless.map(({ error }) => (error as { code: number }).code)).toEqual([
    -32700, -32700, -32600, -32600, -32600, -32600, -32700,
  ]);
  expect(program.replies()).toHaveLength(program.lines().length);
  expect(program.replies().some(({ id }) => id === 4)).toBe(false);
});

verifies.each('refusal.brief', ['modern', 'legacy'] as const)(
  'what a client chooses is repeated in brief, if at all (%s)',
  async (era) => {
    const session = await sessionHere(built, surroundings());
    sessions.push(session);
    if (era === 'legacy') await greeted(session);
    const long = 'echo'.repeat(4_000);
    const version = { 'io.modelcontextprotocol/protocolVersion': `2099-01-01${long}` };
    const asked: readonly [string, Record<string, unknown>, Record<string, unknown>?][] = [
      // First, because it decides about the era.
      ['tools/list', {}, version],
      ['resources/read', { uri: `scalekit://organizations/${long}` }],
      ['resources/read', { uri: long }],
      ['resources/read', { uri: `skill://${long}` }],
      ['prompts/get', { name: long }],
      ['completion/complete', { ref: { type: long }, argument: { name: 'x', value: '' } }],
      ['tools/call', { name: long }],
      ['tools/call', { name: 'whoami', arguments: { [long]: 1 } }],
      ['resources/list', { cursor: long }],
      [long, {}],
      ['subscriptions/listen', { notifications: long }],
    ];
    for (const [id, [method, params, meta]] of asked.entries()) session.send(rpcBody(era, method, params, id, meta));
    const answers = await Promise.all(asked.map(async (_, id) => JSON.stringify(await session.reply(id))));
    for (const [id, answer] of answers.entries()) {
      const rows = answer.match(/(?:echo)+/g) ?? [];
      expect(Math.max(0, ...rows.map(({ length }) => length)), asked[id]?.[0]).toBeLessThanOrEqual(500);
    }
    expect(answers.join()).toContain('echo');
  },
);

verifies(
  'stdio.too-long',
  'a line that is too long is refused by its id, takes no memory, and ends nothing',
  async () => {
    const program = await start();
    const filler = 'x'.repeat(2 * 1024 * 1024);
    program.send(`{"jsonrpc":"2.0","id":"first","method":"tools/call","params":{"name":"${filler}"}}`);
    program.send(`{"method":"tools/call","params":{"name":"${filler}","id":7},"jsonrpc":"2.0","id":"last"}`);
    program.send(`{"method":"tools/call","jsonrpc":"2.0","params":{"name":"${filler}","id":7}}`);
    program.send(request(8, 'ping'));
    expect(await program.reply(8)).toMatchObject({ result: {} });
    for (const id of ['first', 'last', null]) {
      expect((await program.reply(id))['error']).toMatchObject({ message: expect.stringContaining('larger than') });
    }
    expect(program.replies().some(({ id }) => id === 7)).toBe(false);
  },
);

describe('while a call runs', () => {
  /** A Scalekit that answers when it is told to. */
  async function holding() {
    const scalekit = await FakeScalekit.start();
    let begun: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let gone: () => void = () => undefined;
    const isGone = new Promise<void>((resolve) => {
      gone = resolve;
    });
    scalekit.api = async (_request, response) => {
      response.once('close', () => response.writableFinished || gone());
      begun();
      await released;
      json(response, 200, { organizations: [], total_size: 0 });
    };
    const env = { SCALEKIT_ENV_URL: scalekit.url, SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'its-secret' };
    return { scalekit, env, isAsked, isGone, release };
  }

  verifies('stdio.end', 'the end of the input lets it finish, answers it, and ends with 0', async () => {
    const { scalekit, env, isAsked, release } = await holding();
    const program = await startProcess({ ...env, AUDIT_LOG: join(folder, 'end.jsonl') });
    program.send(calling(1, 'list_organizations'));
    await isAsked;
    program.end();
    release();
    expect(await program.reply(1)).toMatchObject({ result: { structuredContent: { organizations: [] } } });
    expect(await program.exit()).toBe(0);
    expect(await verifyLedger([join(folder, 'end.jsonl')])).toMatchObject({ whole: true });
    const records = recordsIn(readFileSync(join(folder, 'end.jsonl'), 'utf8'));
    expect(records.find(({ tool_name }) => tool_name === 'list_organizations')).toMatchObject({
      success: true,
      user_id: 'skc_1',
      user_agent: 'test/1',
    });
    await scalekit.close();
  });

  verifies('stdio.end', 'SIGTERM lets it finish, takes nothing new, and ends with 0', async () => {
    const { scalekit, env, isAsked, release } = await holding();
    const program = await startProcess(env);
    program.send(calling(1, 'list_organizations'));
    await isAsked;
    program.child.kill('SIGTERM');
    await expect.poll(program.stderr).toContain('"event":"stopping"');
    program.send(calling(2, 'whoami'));
    release();
    expect(await program.reply(1)).toMatchObject({ result: { structuredContent: { organizations: [] } } });
    expect(await program.exit()).toBe(0);
    expect(program.replies().some(({ id }) => id === 2)).toBe(false);
    await scalekit.close();
  });

  verifies('stdio.cancel', 'a cancelled call is aborted and not answered, and its id can be used again', async () => {
    const { scalekit, env, isAsked, isGone } = await holding();
    const program = await start({ env });
    program.send(calling(1, 'list_organizations'));
    await isAsked;
    program.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await isGone;
    program.send(calling(1, 'whoami'));
    expect(await program.reply(1)).toMatchObject({ result: { structuredContent: { subject: 'skc_1' } } });
    program.end();
    expect(await program.exit()).toBe(0);
    expect(program.replies().filter(({ id }) => id === 1)).toHaveLength(1);
    await scalekit.close();
  });

  verifies('stdio.same-id', 'another request with its id is refused without an id, and disturbs nothing', async () => {
    const { scalekit, env, isAsked, release } = await holding();
    const program = await start({ env });
    program.send(calling(1, 'list_organizations'));
    await isAsked;
    program.send(calling(1, 'whoami'));
    expect((await program.reply(null))['error']).toMatchObject({
      message: expect.stringContaining('not answered yet'),
    });
    release();
    expect(await program.reply(1)).toMatchObject({ result: { structuredContent: { organizations: [] } } });
    await scalekit.close();
  });

  verifies(
    'stdio.places',
    'calls above the limit are refused in their results, and others still answered',
    async () => {
      const { scalekit, env, isAsked, release } = await holding();
      const program = await start({ env: { ...env, MAX_CALLS_PER_CALLER: '1' } });
      program.send(calling(1, 'list_organizations'));
      await isAsked;
      program.send(calling(2, 'whoami'));
      const { result } = await program.reply(2);
      expect(textOf(result as object)).toContain('server_error');
      program.send(request(3, 'tools/list'));
      await program.reply(3);
      release();
      await program.reply(1);
      program.send(calling(4, 'whoami'));
      expect(await program.reply(4)).toMatchObject({ result: { structuredContent: { subject: 'skc_1' } } });
      await scalekit.close();
    },
  );

  verifies('stdio.gone', 'a reader that goes away aborts it, and ends the program with 0', async () => {
    const { scalekit, env, isAsked, isGone } = await holding();
    const program = await startProcess(env);
    program.send(calling(1, 'list_organizations'));
    await isAsked;
    program.child.stdout?.destroy();
    program.send(request(2, 'ping'));
    await isGone;
    expect(await program.exit()).toBe(0);
    expect(program.stderr()).not.toContain('EPIPE');
    await scalekit.close();
  });
});

verifies('stdio.end', 'an open subscription keeps nothing from ending', async () => {
  const program = await sessionHere(built, surroundings());
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  program.send(request(1, 'server/discover', { _meta }));
  await program.reply(1);
  program.send(request(2, 'subscriptions/listen', { _meta, notifications: {} }));
  program.send(request(3, 'tools/list', { _meta }));
  await program.reply(3);
  program.end();
  expect(await program.exit()).toBe(0);
});

verifies('stdio.sandbox', 'without settings it is the sandbox, which stderr and the instructions say', async () => {
  const program = startStdio(built.script, { cwd: folder });
  running.push(program);
  program.send(INITIALIZE);
  const { result } = await program.reply('initialize');
  expect((result as { instructions: string }).instructions).toContain('embedded sandbox');
  expect(program.stderr()).toContain('"event":"sandbox"');
  program.end();
  await once(program.child, 'close');
  expect(program.lines()).toHaveLength(1);
});
