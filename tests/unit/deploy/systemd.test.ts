import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig, VARIABLES } from '../../../src/config/config.ts';
import { image, read } from '../../fixtures/deployments.ts';
import { verifies } from '../../verifies.ts';

const text = read('deploy/systemd/scalekit-mcp.service');
const entries = text
  .split('\n')
  .filter((line) => line !== '' && !/^[#[]/.test(line))
  .map((line) => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return { name, value };
  });
const valuesOf = (name: string) => entries.filter((entry) => entry.name === name).map(({ value }) => value);
const only = (name: string) => {
  const [value, ...others] = valuesOf(name);
  expect(others, name).toEqual([]);
  return value;
};
const env: Record<string, string> = Object.fromEntries(
  valuesOf('Environment').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
);

/** What docs/operations.md writes into the file of settings. */
const documented = /cat > \/etc\/scalekit-mcp\/server\.env <<'END'\n([\s\S]*?)\nEND\n/.exec(
  read('docs/operations.md'),
)?.[1];
const settings = Object.fromEntries((documented ?? '').split('\n').map((line) => line.split('=') as [string, string]));

verifies.group('deploy.systemd', 'the unit of systemd', () => {
  it('has lines that are settings, each with a name', () => {
    expect(entries.filter(({ name }) => name === '')).toEqual([]);
    for (const section of ['Unit', 'Service', 'Install']) expect(text).toContain(`\n[${section}]\n`);
  });

  it('starts what the image starts, where the documentation puts it', () => {
    const [entrypoint] = image.flatMap((step) => (step.does === 'ENTRYPOINT' ? [step.argv] : []));
    const [command] = image.flatMap((step) => (step.does === 'CMD' ? [step.argv] : []));
    expect(only('ExecStart')).toBe(`/usr/bin/${[...(entrypoint ?? []), ...(command ?? [])].join(' ')}`);
    expect(read('docs/operations.md')).toContain(` ${only('WorkingDirectory')}`);
  });

  it('makes a configuration that can be used, with the documented settings', () => {
    const all = { ...env, ...settings };
    expect(Object.keys(all).filter((name) => !(name in VARIABLES))).toEqual([]);
    const config = parseConfig({ ...all, SCALEKIT_CLIENT_SECRET: 'from its file' });
    expect(config).toMatchObject({ production: true, host: '127.0.0.1' });
    expect(config.warnings).toEqual([expect.stringContaining('still as in the example')]);
    expect(config.admission.organizations).toEqual(['org_1234567890']);
    expect(config.audit.to).toEqual({ file: `/var/log/${only('LogsDirectory')}/audit.jsonl` });
  });

  it('keeps the secret out of variables, and hands it to the service alone', () => {
    expect(Object.keys({ ...env, ...settings }).filter((name) => name === 'SCALEKIT_CLIENT_SECRET')).toEqual([]);
    expect(env['SCALEKIT_CLIENT_SECRET_FILE']).toBe(`%d/${only('LoadCredential')?.split(':')[0]}`);
  });

  it('ends it as it ends itself: not again after 78, and not before its calls had their time', () => {
    expect(only('Restart')).toBe('on-failure');
    expect(only('RestartPreventExitStatus')).toBe('78');
    expect(only('KillMode')).toBe('mixed');
    const { delayMs, timeoutMs } = parseConfig({ DRAIN_DELAY_MS: String(env['DRAIN_DELAY_MS']) }).scaling.drain;
    expect(delayMs).toBeGreaterThan(0);
    expect(Number(only('TimeoutStopSec')) * 1000).toBeGreaterThanOrEqual(delayMs + timeoutMs + 5_000);
  });

  it('confines it', () => {
    for (const [name, value] of [
      ['DynamicUser', 'yes'],
      ['ProtectSystem', 'strict'],
      ['ProtectHome', 'yes'],
      ['PrivateTmp', 'yes'],
      ['PrivateDevices', 'yes'],
      ['NoNewPrivileges', 'yes'],
      ['CapabilityBoundingSet', ''],
      ['RestrictNamespaces', 'yes'],
      ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_UNIX'],
      ['LogsDirectoryMode', '0700'],
      ['UMask', '0077'],
    ]) {
      expect(only(String(name)), name).toBe(value);
    }
    // V8 compiles code while it runs.
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([]);
    expect(valuesOf('ReadWritePaths')).toEqual([]);
  });
});

verifies('deploy.systemd', 'the documented files beside it are for workspace mode, and for a Node.js elsewhere', () => {
  const added = (file: string) =>
    new RegExp(`/${file}\\.conf <<'END'\\n\\[Service\\]\\n([\\s\\S]*?)\\nEND\\n`).exec(read('docs/operations.md'))?.[1];
  const taken = added('00-workspace')?.split('\n');
  expect(taken).toEqual(['UnsetEnvironment=SCALEKIT_CLIENT_SECRET_FILE', 'LoadCredential=']);
  // What is taken back is what the unit hands over, and nothing that another file adds, since those are read later.
  expect(valuesOf('LoadCredential').length).toBe(1);
  expect(['redis', '00-workspace', 'memory', 'node'].toSorted()[0]).toBe('00-workspace');
  const { SCALEKIT_CLIENT_SECRET_FILE: _, ...left } = env;
  const { SCALEKIT_CLIENT_ID: __, ALLOWED_ORGANIZATIONS: ___, ...own } = settings;
  const config = parseConfig({ ...left, ...own, SCALEKIT_API_URL: 'https://api.example.com' });
  expect(config.warnings).toEqual([expect.stringContaining('still as in the example')]);
  expect(config).toMatchObject({ scalekit: { mode: { kind: 'workspace' } } });
  expect(added('node')).toBe(`ExecStart=\nExecStart=/usr/local/bin/node${only('ExecStart')?.replace(/^\S+/, '')}`);
});

/** The documented commands in whose text something stands. */
const blockWith = (words: string) =>
  [...read('docs/operations.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .map(([, commands]) => String(commands))
    .find((commands) => commands.includes(words)) ?? '';

verifies('deploy.systemd', 'names in comments what the documentation adds for Redis', () => {
  const [, added = ''] = /redis\.conf <<'END'\n\[Service\]\n([\s\S]*?)\nEND\n/.exec(blockWith('redis.conf <<')) ?? [];
  const lines = added.split('\n');
  expect(text.split('\n').filter((line) => lines.includes(line.replace(/^# /, '')))).toEqual(
    lines.map((line) => `# ${line}`),
  );
  const given = lines.flatMap((line) => /^LoadCredential=([^:]+):(.*)$/.exec(line)?.slice(1, 2) ?? []);
  const [, asked = ''] = /^Environment=(.*)$/m.exec(added) ?? [];
  const files = asked.split(' ').map((pair) => pair.split('=') as [string, string]);
  expect(files.map(([, file]) => file)).toEqual(given.map((name) => `%d/${name}`));
  expect(files.filter(([name]) => !(name in VARIABLES))).toEqual([]);
});

verifies('deploy.systemd', 'has the memory of one process, and the documentation that of more', () => {
  expect(only('MemoryMax')).toBe('512M');
  const rows = [...read('docs/operations.md').matchAll(/^\| (\d+) \| (\d+)M \|$/gm)].map(([, ...row]) =>
    row.map(Number),
  );
  expect(rows.length).toBeGreaterThan(2);
  for (const [workers = 0, megabytes] of rows) expect(megabytes).toBe(workers * 512 + (workers > 1 ? 192 : 0));
  const [, workers, memory] = /WORKERS=(\d+) >>[\s\S]*MemoryMax=(\d+)M/.exec(blockWith('WORKERS=')) ?? [];
  expect(rows).toContainEqual([Number(workers), Number(memory)]);
});

verifies(
  'deploy.systemd',
  'the documented second instance shares nothing with the first but the program Node.js',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'second-'));
    const units = join(folder, 'etc/systemd/system');
    for (const part of ['opt/scalekit-mcp/dist', 'etc/scalekit-mcp', 'etc/systemd/system/scalekit-mcp.service.d'])
      mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(units, 'scalekit-mcp.service'), text);
    writeFileSync(join(units, 'scalekit-mcp.service.d/redis.conf'), 'LoadCredential=a:/etc/scalekit-mcp/a\n');
    writeFileSync(join(folder, 'etc/scalekit-mcp/server.env'), `${documented}\n`);
    const script = blockWith('scalekit-mcp-2').replace(/(?<=[ =])\/(?=etc\/|opt\/)/g, `${folder}/`);
    execFileSync('sh', ['-euc', `systemctl() { echo "$*" >> ${folder}/told; }\n${script}`]);
    const second = readFileSync(join(units, 'scalekit-mcp-2.service'), 'utf8');
    const paths = (unit: string) => unit.match(/(?<==|:)(\/(?:opt|etc|var)\/\S+)|(?<=^LogsDirectory=).*/gm) ?? [];
    expect(paths(second)).toEqual(paths(text).map((path) => path.replace('scalekit-mcp', 'scalekit-mcp-2')));
    expect(paths(text).length).toBeGreaterThanOrEqual(5);
    expect(readFileSync(join(units, 'scalekit-mcp-2.service.d/redis.conf'), 'utf8')).toContain(
      '/etc/scalekit-mcp-2/a\n',
    );
    const settingsOf = (name: string) =>
      Object.fromEntries(
        readFileSync(join(folder, 'etc', name, 'server.env'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      );
    const [one, two] = [settingsOf('scalekit-mcp'), settingsOf('scalekit-mcp-2')];
    expect(two).toEqual({ ...one, PORT: '3012', METRICS_PORT: '9474' });
    expect([one['PORT'], one['METRICS_PORT']]).toEqual([undefined, '9464']);
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('daemon-reload\nenable --now scalekit-mcp-2\n');
    rmSync(folder, { recursive: true });
  },
);

/** The documented commands that exchange the installed folder: an update, and going back. */
const [update, goBack] = [...read('docs/operations.md').matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .map(([, commands]) => String(commands))
  .filter((commands) => /^mv \/opt\//m.test(commands));

verifies('deploy.systemd', 'the documented update leaves no old file among the new, and can be taken back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'update-'));
  const opt = join(folder, 'scalekit-mcp');
  const version = (name: string) => {
    const source = join(folder, 'source');
    rmSync(source, { recursive: true, force: true });
    for (const part of ['dist', 'node_modules']) mkdirSync(join(source, part), { recursive: true });
    writeFileSync(join(source, 'package.json'), name);
    writeFileSync(join(source, 'dist', `${name}.js`), '');
  };
  const run = (commands = '') => {
    const script = commands.replaceAll('/opt/', `${folder}/`).replace(/^curl .*$/m, '');
    execFileSync('sh', ['-euc', `systemctl() { echo "$*" >> ${folder}/told; }\n${script}`], {
      cwd: join(folder, 'source'),
    });
  };
  const installed = () => [readFileSync(join(opt, 'package.json'), 'utf8'), ...readdirSync(join(opt, 'dist'))];
  version('one');
  mkdirSync(opt);
  execFileSync('sh', ['-c', `cp -R dist node_modules package.json ${opt}`], { cwd: join(folder, 'source') });
  version('two');
  run(update);
  expect(installed()).toEqual(['two', 'two.js']);
  run(goBack);
  expect(installed()).toEqual(['one', 'one.js']);
  for (const next of ['three', 'four']) {
    version(next);
    run(update);
    expect(installed()).toEqual([next, `${next}.js`]);
  }
  run(goBack);
  expect(installed()).toEqual(['three', 'three.js']);
  const told = readFileSync(join(folder, 'told'), 'utf8').trim().split('\n');
  expect(told).toEqual(Array.from({ length: 5 }, () => ['stop scalekit-mcp', 'start scalekit-mcp']).flat());
  expect(existsSync(join(opt, 'dist', 'dist'))).toBe(false);
  rmSync(folder, { recursive: true });
});

verifies('deploy.systemd', 'the documented check reads what the unit hands over, and ends as the server does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  for (const part of ['opt/scalekit-mcp', 'etc/scalekit-mcp', 'bin'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'bin/node'), '#!/bin/sh\necho "$@"\nenv\nexit 78\n', { mode: 0o755 });
  const own = `# a comment\n${documented}\nRATE_LIMIT={"work": "a b"}\n`;
  writeFileSync(join(folder, 'etc/scalekit-mcp/server.env'), own);
  const script = blockWith('--check\n)').replaceAll(/(?<=[ =])\/(?=etc\/|opt\/|var\/)/g, `${folder}/`);
  const check = () => {
    const PATH = `${folder}/bin:${process.env['PATH']}`;
    const { status, stdout } = spawnSync('sh', ['-euc', script], { env: { PATH }, encoding: 'utf8' });
    const [command, ...lines] = stdout.split('\n');
    expect([status, command]).toEqual([78, 'dist/main.js --check']);
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2)));
  };
  const { SCALEKIT_CLIENT_SECRET_FILE: _, ...always } = env;
  const without = check();
  const AUDIT_LOG = `${folder}${always['AUDIT_LOG']}`;
  expect(without).toMatchObject({ ...always, AUDIT_LOG, ...settings, RATE_LIMIT: '{"work": "a b"}' });
  expect(Object.keys(without).filter((name) => name.endsWith('_FILE'))).toEqual([]);
  for (const name of ['client-secret', 'redis-url', 'confirmation-keys'])
    writeFileSync(join(folder, 'etc/scalekit-mcp', name), '');
  expect(check()).toMatchObject({
    SCALEKIT_CLIENT_SECRET_FILE: `${folder}/etc/scalekit-mcp/client-secret`,
    REDIS_URL_FILE: `${folder}/etc/scalekit-mcp/redis-url`,
    CONFIRMATION_KEYS_FILE: `${folder}/etc/scalekit-mcp/confirmation-keys`,
  });
  rmSync(folder, { recursive: true });
});

verifies('deploy.systemd', 'the documented restoring puts back the files of workers, and full ones', () => {
  const folder = mkdtempSync(join(tmpdir(), 'restore-'));
  const [saved, ledger] = [join(folder, 'srv/ledger'), join(folder, 'var/log/scalekit-mcp')];
  for (const part of [saved, ledger]) mkdirSync(part, { recursive: true });
  const files = ['audit.1.jsonl', 'audit.1.jsonl.000000000009', 'audit.jsonl', 'audit.jsonl.000000000012'];
  for (const name of files) writeFileSync(join(saved, name), '', { mode: 0o644 });
  const script = blockWith('cp /srv/ledger').replaceAll(/(?<=[ =])\/(?=srv\/|var\/|opt\/)/g, `${folder}/`);
  const tools = `systemctl() { :; }; chown() { :; }; node() { shift; echo "$*" > ${folder}/verified; }`;
  execFileSync('sh', ['-euc', `${tools}\n${script}`]);
  expect(readdirSync(ledger).toSorted()).toEqual(files);
  for (const name of files) expect(statSync(join(ledger, name)).mode & 0o777).toBe(0o600);
  const [how, ...verified] = readFileSync(join(folder, 'verified'), 'utf8').trim().split(' ');
  expect(how).toBe('--interleaved');
  expect(verified.toSorted()).toEqual(files.map((name) => join(ledger, name)));
  rmSync(folder, { recursive: true });
});

verifies('deploy.systemd', 'the tables of secrets and settings name those of the second instance too', () => {
  const rows = read('docs/operations.md')
    .split('\n')
    .filter((line) => line.startsWith('| systemd |') && line.includes('/etc/scalekit-mcp/'));
  expect(rows.length).toBe(2);
  for (const row of rows) {
    expect(row).toMatch(/`\/etc\/scalekit-mcp-2/);
    expect(row).toContain('`systemctl restart scalekit-mcp`, then `scalekit-mcp-2`');
  }
});
