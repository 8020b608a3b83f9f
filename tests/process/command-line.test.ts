import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect } from 'vitest';
import { IDENTITY } from '../../src/core/identity.ts';
import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { builtServer } from '../fixtures/built.ts';
import { commandsHere } from '../fixtures/here.ts';
import { callRecord, opened } from '../fixtures/ledger.ts';
import { listening } from '../fixtures/listening.ts';
import { type ProcessOptions, ROOT, runScript } from '../fixtures/process.ts';
import { verifies } from '../verifies.ts';

const built = builtServer();
const FETCHED = `npx -y ${IDENTITY.name}@${IDENTITY.version}`;
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is piped in. */
  readonly input?: string;
}

const here = commandsHere(built);
const { PATH = '', HOME = '' } = process.env;
/** Runs a command to its end, in this process. */
function run(args: readonly string[], { env, cwd = folder, input }: Given = {}) {
  const command = here(args, { cwd, env: { PATH, HOME, DOCS_URL: 'off', ...env } });
  command.input.end(input);
  return command.end();
}

/** Runs a command to its end, as a program of its own. */
async function runProgram(args: readonly string[], options: ProcessOptions = {}) {
  const program = runScript(built.script, { cwd: folder, ...options, arguments: args });
  const code = await program.exit();
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

verifies('cli.help', 'the help lists every command, and so does that of a command its options', async () => {
  const { code, stdout, stderr } = await runProgram(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['serve', 'stdio', 'tools', 'call', 'audit'])
    expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  expect((await run(['audit', 'verify', '--help'])).stdout).toContain('--interleaved');
  expect(await run(['help', 'serve'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--check') });
  expect(await run(['help', 'audit', 'verify'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--interleaved'),
  });
});

verifies('cli.help', 'help for what is no command is refused, and says what was probably meant', async () => {
  for (const args of [
    ['help', 'verfy'],
    ['help', 'audit', 'verfy'],
  ]) {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("unknown command 'verfy'");
  }
});

verifies(['cli.help', 'cli.own-call'], 'the usage is a line that a person can type, whatever started it', async () => {
  const script = resolve(built.script);
  expect((await runProgram(['help', 'call'])).stdout).toContain(`Usage: node ${script} call [options] <tool>`);
  const bin = join(folder, '_npx/0f3a/node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  const fetched = join(bin, 'scalekit-mcp');
  symlinkSync(script, fetched);
  const program = runScript(relative(ROOT, fetched), { cwd: folder, arguments: ['help', 'call'] });
  expect(await program.exit()).toBe(0);
  expect(program.stdout()).toContain(`Usage: ${FETCHED} call [options] <tool>`);
  expect(program.stdout()).toContain(`  ${FETCHED} call list_organizations --arg query=acme`);
});

verifies.each('cli.mistyped', [
  [['serv'], 'serve'],
  [['serve', '--chek'], '--check'],
  [['audit', 'verfy'], 'verify'],
] as const)('a mistyped command line does nothing and is answered with what was meant: %s', async (args, meant) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`Did you mean ${meant}?`);
  // What is wrong is not lost above a page of help.
  expect(stderr).toMatch(/\nTo see how it is used, run node \S+ help( \w+)?\n$/);
  expect(stderr.split('\n').length).toBeLessThan(6);
});

verifies('cli.mistyped', 'a group of commands without one of them is a wrong command line', async () => {
  const { code, stdout, stderr } = await run(['audit']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('verify');
});

verifies('cli.json', 'with --json stdout holds one JSON value: the result, or the error', async () => {
  const usage = await runProgram(['--json', 'serv']);
  expect(usage).toMatchObject({ code: 2, stderr: '' });
  expect(JSON.parse(usage.stdout)).toEqual({
    error: { code: 'usage', message: expect.stringContaining("unknown command 'serv'") },
  });
  const settings = await run(['serve', '--check', '--json'], { env: { PORT: 'x' } });
  expect(settings.code).toBe(78);
  expect(JSON.parse(settings.stdout)).toEqual({
    error: { code: 'configuration', message: expect.stringContaining('- PORT: ') },
  });
  expect(JSON.parse((await run(['--check', '--json'])).stdout)).toEqual({ usable: true, warnings: [] });
  const { stdout: script } = await run(['completion', 'bash']);
  expect(JSON.parse((await run(['completion', 'bash', '--json'])).stdout)).toEqual({ shell: 'bash', script });
});

verifies('cli.audit', 'audit verify says what the script says, with its exit codes', async () => {
  const file = join(folder, 'audit.jsonl');
  const { audit } = await opened({ config: { to: { file } } });
  audit.request(callRecord(1));
  await audit.close();
  const whole = await run(['audit', 'verify', file]);
  expect(whole).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^WHOLE: 3 records, /) });
  expect(JSON.parse((await run(['audit', 'verify', '--json', file])).stdout)).toMatchObject({
    whole: true,
    records: 3,
  });

  const broken = join(folder, 'broken.jsonl');
  writeFileSync(broken, '{"seq":1}\n');
  const told = await run(['audit', 'verify', broken]);
  expect(told).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^BROKEN at /) });
  expect(await run(['audit', 'verify', join(folder, 'none.jsonl')])).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['audit', 'verify', '--after', 'x', '--interleaved', file])).toMatchObject({ code: 2, stdout: '' });
});

describe('completion', () => {
  /** What a shell of the Bourne kind offers behind these words; the last one is that at the cursor. */
  async function offered(shell: 'bash' | 'zsh', words: readonly string[]) {
    const { stdout } = await run(['completion', shell]);
    const quoted = ['scalekit-mcp', ...words].map((word) => `'${word}'`).join(' ');
    const ask = {
      bash: `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}
_scalekit_mcp scalekit-mcp "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"; printf '%s\\n' "\${COMPREPLY[@]}"`,
      zsh: `words=(${quoted}); CURRENT=${words.length + 1}; compadd() { shift; print -l -- "$@" }; _files() { }; _scalekit_mcp`,
    };
    const script = `${shell === 'zsh' ? 'compdef() { }\n' : ''}${stdout}\n${ask[shell]}`;
    const told = await promisify(execFile)(shell, [...(shell === 'zsh' ? ['-f'] : ['--norc']), '-c', script]);
    expect(told.stderr).toBe('');
    return told.stdout.split('\n').filter((word) => word.startsWith(words.at(-1) ?? ''));
  }

  const CASES: readonly [words: readonly string[], some: readonly string[]][] = [
    [['ca'], ['call']],
    [
      ['--json', ''],
      ['serve', 'stdio', 'install', 'completion', 'help'],
    ],
    [['audit', ''], ['verify']],
    [['audit', 'verify', '--in'], ['--interleaved']],
    [['call', 'list_organizations'], ['list_organizations']],
    [
      ['call', 'list_organizations', '--js'],
      ['--json-args', '--json'],
    ],
    [['install', 'claude-'], ['claude-code']],
    [['tools', '--toolsets', 'organization_d'], ['organization_domains']],
    [['tools', '--toolsets', 'users,organization_d'], ['users,organization_domains']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['help', 'who'], ['whoami']],
  ];

  verifies('cli.completion', 'bash completes commands, options, tools, toolsets and clients', async () => {
    for (const [words, some] of CASES) {
      expect({ words, offered: await offered('bash', words) }).toEqual({
        words,
        offered: expect.arrayContaining([...some]),
      });
    }
    // What this program does not know is completed by the shell, as a file.
    expect(await offered('bash', ['audit', 'verify', 'file'])).toEqual([]);
    expect(await offered('bash', ['call', 'whoami', '--secrets-to', 'x'])).toEqual([]);
  });
});

/** The JSON that a command wrote. */
async function runJson(args: readonly string[], options: Given = {}) {
  const { code, stdout, stderr } = await run([...args, '--json'], options);
  return { code, stderr, json: JSON.parse(stdout) };
}

describe('tools and call', () => {
  verifies('cli.tools', 'lists the tools with effect and scope, narrowed by options', async () => {
    const { code, stdout } = await run(['tools', '--toolsets', 'organizations']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^delete_organization +destroy +organization:write +Delete an organization$/m);
    const { json } = await runJson(['tools', '--read-only', '--toolsets', 'organizations']);
    expect(json.map(({ name }: { name: string }) => name)).toEqual(['list_organizations', 'get_organization_details']);
    expect(json[0]).toMatchObject({ effect: 'read', scope: 'organization:read', inputSchema: { type: 'object' } });
  });

  verifies.each('cli.sandbox', [['tools'], ['call', 'list_organizations']])(
    'without settings a person is told that it is the sandbox, and a program is not: %s',
    async (...args) => {
      const told = { code: 0, stderr: 'On the embedded sandbox: nothing here is real or kept.\n' };
      expect(await run(args)).toMatchObject(told);
      expect(await runJson(args)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  verifies('cli.call', 'calls a tool, with arguments of every form', async () => {
    const args = ['--arg', 'name=Acme', '--arg', 'metadata={"plan":"gold"}'];
    const made = await runJson(['call', 'create_organization', ...args]);
    expect(made).toMatchObject({
      code: 0,
      json: { organization: { display_name: 'Acme', metadata: { plan: 'gold' } } },
    });
    const query = ['call', 'list_organizations', '--json', '--json-args'];
    const whole = await runProgram([...query, '{"query":"samphire"}']);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(whole.stdout).organizations).toHaveLength(1);
    const piped = await run([...query, '-'], { input: '{"query":"samphire"}' });
    expect(JSON.parse(piped.stdout)).toEqual(JSON.parse(whole.stdout));
  });

  verifies('cli.call', 'a failure is an error with its code, and the exit code says of which kind', async () => {
    expect(await runJson(['call', 'get_organization_details', '--arg', 'organizationId=org_1'])).toMatchObject({
      code: 1,
      json: { error: { code: 'not_found' } },
    });
    for (const args of [
      ['call', 'no_such_tool'],
      ['call', 'list_organizations', '--arg', 'query'],
      ['call', 'list_organizations', '--json-args', '[1]'],
      ['call', 'list_organizations', '--arg', 'query=a', '--json-args', '{"query":"b"}'],
      ['call', 'create_organization', '--arg', 'name=A', '--arg', 'metadata=gold'],
    ]) {
      expect(await runJson(args)).toMatchObject({ code: 2, json: { error: { code: 'usage' } } });
    }
    const away = {
      SCALEKIT_ENV_URL: 'http://127.0.0.1:1',
      SCALEKIT_CLIENT_ID: 'skc_1',
      SCALEKIT_CLIENT_SECRET: 's3cret',
    };
    const told = await run(['call', 'list_organizations'], { env: { ...away, AUDIT_LOG: 'off' } });
    expect(told).toMatchObject({ code: 69, stdout: '' });
    expect(told.stderr).not.toContain('s3cret');
  });

  verifies(
    'cli.confirm',
    'what takes something away is shown first, and done with --confirm while it is the same',
    async () => {
      const { json } = await runJson(['call', 'list_organizations']);
      const [first, second] = json.organizations.map(({ id }: { id: string }) => id);
      const deletion = (id: string) => ['call', 'delete_organization', '--arg', `organizationId=${id}`];
      const shown = await runJson(deletion(first));
      expect(shown).toMatchObject({ code: 1, json: { error: { code: 'confirmation_required' } } });
      const { action, preview, confirm, confirmation } = shown.json.error;
      expect(action).toContain(first);
      expect(preview.organization.id).toBe(first);
      expect(confirmation).toBeUndefined();
      expect(await runJson([...deletion(second), '--confirm', confirm])).toMatchObject({
        code: 1,
        json: { error: { code: 'confirmation_required', preview: { organization: { id: second } } } },
      });
      expect(await runJson([...deletion(first), '--confirm', confirm])).toEqual({
        code: 0,
        stderr: '',
        json: { deleted_id: first },
      });
    },
  );
});

verifies.each('cli.interrupted', ['SIGINT', 'SIGTERM'] as const)(
  '%s ends a call that runs, which is told and recorded',
  async (signal) => {
    const silent = await listening(() => undefined);
    const asked = once(silent.server, 'request');
    const ledger = join(folder, `${signal}.jsonl`);
    const env = {
      SCALEKIT_ENV_URL: silent.url,
      SCALEKIT_CLIENT_ID: 'skc_1',
      SCALEKIT_CLIENT_SECRET: 's3cret',
      UPSTREAM_TIMEOUT_MS: '120000',
      AUDIT_LOG: ledger,
    };
    const program = runScript(built.script, { cwd: folder, env, arguments: ['call', 'list_organizations', '--json'] });
    await asked;
    program.child.kill(signal);
    expect(await program.exit()).toBe(1);
    expect(JSON.parse(program.stdout())).toMatchObject({ error: { code: 'cancelled' } });
    expect(await verifyLedger([ledger])).toMatchObject({ whole: true, records: 3 });
    await silent.close();
  },
);

describe('in a project that brings a .env', () => {
  const CLIENT = { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 's3cret' };
  const KEY = join(folder, 'id_rsa');
  writeFileSync(KEY, 'of the person');

  verifies.each('config.folder', [
    ['the secret of the process', {}, CLIENT],
    ['a file of the person', { SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET_FILE: KEY }, {}],
  ] as [string, Record<string, string>, Record<string, string>][])(
    'no server that it names gets %s',
    async (_what, ofFile, ofProcess) => {
      const arrived: string[] = [];
      const named = await listening((request, response) => {
        arrived.push(String(request.url));
        response.end();
      });
      const place = mkdtempSync(join(folder, 'project-'));
      const lines = Object.entries({ SCALEKIT_ENV_URL: named.url, SCALEKIT_MCP_SERVER_ID: 'res_1', ...ofFile });
      writeFileSync(join(place, '.env'), lines.map(([name, value]) => `${name}=${value}`).join('\n'));
      const called = await run(['call', 'list_organizations'], { cwd: place, env: ofProcess });
      expect(called).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining(join(place, '.env')) });
      await run(['doctor'], { cwd: place, env: { ...ofProcess, HOME: place, PORT: '0' } });
      expect(arrived).toEqual([]);
      await named.close();
    },
  );
});

const SCRIPT = '/usr/bin/script';
const hasTerminals = existsSync(SCRIPT);

describe.skipIf(!hasTerminals)(
  `on a terminal${hasTerminals ? '' : ' (SKIPPED: there is no script of util-linux here)'}`,
  () => {
    /** Runs a command on a terminal of its own, at which somebody types once it has asked. */
    async function typing(args: readonly string[], question: string, keys: string, home: string) {
      const command = [process.execPath, join(ROOT, built.script), ...args].map((word) => `'${word}'`).join(' ');
      const child = spawn(SCRIPT, ['-qec', `/bin/stty cols 100 rows 30; exec ${command}`, '/dev/null'], {
        cwd: home,
        env: { PATH: home, HOME: home, TERM: 'xterm', SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let seen = '';
      let hasTyped = false;
      child.stdout.on('data', (piece) => {
        seen += piece;
        if (hasTyped || !seen.includes(question)) return;
        hasTyped = true;
        child.stdin.write(keys);
      });
      const [code] = await once(child, 'close');
      return { code, seen };
    }

    verifies.each('cli.terminal', [
      ['Ctrl-C', '\u0003', 1, 'Nothing was changed.'],
      ['yes', 'y', 0, 'codex: done.'],
    ] as const)('install asks before it changes anything, and is answered with %s', async (_, keys, code, end) => {
      const home = mkdtempSync(join(folder, 'terminal-'));
      const file = join(home, '.codex/config.toml');
      const args = ['install', 'codex', '--url', 'https://mcp.example.com/mcp'];
      const ended = await typing(args, 'Change codex?', keys, home);
      expect(ended).toEqual({ code, seen: expect.stringContaining(end) });
      expect(ended.seen).toContain('https://mcp.example.com/mcp');
      expect(existsSync(file)).toBe(code === 0);
    });
  },
);

describe('--secrets-to', () => {
  const making = ['call', 'create_organization_client', '--arg', 'name=Billing'];

  verifies('cli.secrets', 'a secret goes to the file, and nothing of it to the result', async () => {
    const place = mkdtempSync(join(folder, 'secrets-'));
    mkdirSync(join(place, '.git'));
    writeFileSync(join(place, '.env'), "# kept\nORGANIZATION_CLIENT_SECRET='of before'", { mode: 0o644 });
    const { json: listed } = await runJson(['call', 'list_organizations']);
    const args = [...making, '--arg', `organizationId=${listed.organizations[0].id}`];
    const { code, json } = await runJson([...args, '--secrets-to', '.env'], { cwd: place });
    expect(code).toBe(0);
    expect(json.plain_secret).toBe('[not shown: ORGANIZATION_CLIENT_SECRET_2 in .env]');
    const text = readFileSync(join(place, '.env'), 'utf8');
    const secret =
      /^# kept\nORGANIZATION_CLIENT_SECRET='of before'\nORGANIZATION_CLIENT_SECRET_2='([^'\n]{20,})'\n$/.exec(
        text,
      )?.[1];
    expect(secret).toBeDefined();
    expect(JSON.stringify(json)).not.toContain(secret);
    expect(statSync(join(place, '.env')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(place, '.gitignore'), 'utf8')).toBe('/.env\n/.env.*.tmp\n');
    expect(readdirSync(place).sort()).toEqual(['.env', '.git', '.gitignore']);
  });

  verifies('cli.secrets', 'what cannot be such a file is refused before anything is done', async () => {
    const place = mkdtempSync(join(folder, 'secrets-'));
    symlinkSync(join(folder, 'elsewhere'), join(place, 'link'));
    for (const file of ['link', '.', 'missing/.env']) {
      const refused = await run([...making, '--arg', 'organizationId=org_1', '--secrets-to', file], { cwd: place });
      expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--secrets-to: ') });
    }
  });
});

verifies('cli.mistyped', 'two ways to reach Scalekit at once are refused, instead of one being chosen', async () => {
  const hosted = { SCALEKIT_MCP_URL: 'https://mcp.example.com/mcp' };
  for (const command of ['stdio', 'tools']) {
    const both = await run([command], { env: { ...hosted, SCALEKIT_CLIENT_ID: 'skc_1' } });
    expect(both).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('unset one of them') });
  }
  const elsewhere = await run(['stdio', '--secrets-to', '.env'], { env: hosted });
  expect(elsewhere).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--secrets-to') });
});
