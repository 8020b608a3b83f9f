import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { parseConfig, VARIABLES } from '../../../src/config/config.ts';
import { ConfigurationError } from '../../../src/config/error.ts';
import { readSecretFiles } from '../../../src/config/files.ts';
import { Problems } from '../../../src/config/problems.ts';
import { PROXY_VARIABLES } from '../../../src/config/proxy.ts';
import { problemsIn, problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

const LIVE = {
  SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
  SCALEKIT_MCP_SERVER_ID: 'res_123',
  SCALEKIT_API_URL: 'https://api.scalekit.com',
};
const ENVIRONMENT = {
  SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
  SCALEKIT_MCP_SERVER_ID: 'res_123',
  SCALEKIT_CLIENT_ID: 'skc_1',
  SCALEKIT_CLIENT_SECRET: 's3cret',
  ALLOWED_CLIENTS: 'm2m_1',
};

describe('parseConfig', () => {
  verifies('config.sandbox', 'uses the sandbox when no environment is named, outside production', () => {
    const usual = { kind: 'sandbox', port: 3003, mode: 'workspace', tokenIssuer: 'environment' };
    expect(parseConfig({}).scalekit).toEqual(usual);
    expect(parseConfig({ SANDBOX_TOKEN_ISSUER: 'resource' }).scalekit).toEqual({ ...usual, tokenIssuer: 'resource' });
    expect(parseConfig({ SANDBOX_MODE: 'environment' }).scalekit).toMatchObject({ mode: 'environment' });
    expect(problemsOf({ SANDBOX_MODE: 'both' })).toEqual([expect.stringMatching(/^SANDBOX_MODE: /)]);
    expect(problemsOf({ NODE_ENV: 'production', PUBLIC_URL: 'https://mcp.example.com' })).toEqual([
      expect.stringMatching(/^SCALEKIT_ENV_URL: required in production/),
    ]);
  });

  verifies('config.sandbox', 'does not take a misspelt NODE_ENV for development', () => {
    expect(problemsOf({ NODE_ENV: 'prod' })).toEqual([expect.stringMatching(/^NODE_ENV:/)]);
  });

  verifies.each('config.real-deployment', [
    [{ SCALEKIT_CLIENT_ID: 'skc_1' }, ['SCALEKIT_CLIENT_ID']],
    [{ SCALEKIT_CLIENT_SECRET: 's3cret' }, ['SCALEKIT_CLIENT_SECRET']],
    [{ SCALEKIT_CLIENT_SECRET_FILE: '/run/s3cret' }, ['SCALEKIT_CLIENT_SECRET_FILE']],
    [{ SCALEKIT_API_URL: 'https://api.example.com' }, ['SCALEKIT_API_URL']],
    [{ SCALEKIT_MCP_SERVER_ID: 'res_1' }, ['SCALEKIT_MCP_SERVER_ID']],
    [{ SCALEKIT_ENVIRONMENT_URL: 'https://a.example' }, ['SCALEKIT_ENVIRONMENT_URL', 'SCALEKIT_ENV_URL was meant']],
    [{ SCALEKIT_CLIENTID: 'skc_1' }, ['SCALEKIT_CLIENTID', 'SCALEKIT_CLIENT_ID was meant']],
    [{ SCALEKT_CLIENT_ID: 'skc_1' }, ['SCALEKT_CLIENT_ID', 'SCALEKIT_CLIENT_ID was meant']],
    [{ scalekit_env_url: 'https://a.example' }, ['scalekit_env_url', 'SCALEKIT_ENV_URL was meant']],
    [{ SCALEKIT_ENV_ULR: 'https://a.example' }, ['SCALEKIT_ENV_ULR', 'SCALEKIT_ENV_URL was meant']],
    [{ SCALEKIT_REGION: 'eu' }, ['SCALEKIT_REGION']],
    [{ PUBLIC_URL: 'https://mcp.example.com' }, ['PUBLIC_URL']],
    [{ HOST: '0.0.0.0' }, ['HOST']],
    [{ HOST: '::' }, ['HOST']],
    [{ HOST: '192.168.1.7', ALLOWED_HOSTS: 'mcp.internal' }, ['HOST']],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://mcp.example.com' }, ['HOST, PUBLIC_URL']],
    [
      {
        SCALEKIT_ENVIRONMENT_URL: 'https://a.example',
        SCALEKIT_CLIENT_ID: 'skc_1',
        SCALEKIT_CLIENT_SECRET: 's3cret',
        ALLOWED_CLIENTS: 'x',
      },
      ['SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET', 'SCALEKIT_ENV_URL was meant'],
    ],
  ] as [Record<string, string>, string[]][])(
    'never puts the sandbox in place of a real deployment: %o',
    (env, named) => {
      const [problem, ...others] = problemsOf(env);
      expect(others).toEqual([]);
      expect(problem).toMatch(new RegExp(`^${named[0]}: `));
      for (const name of named) expect(problem).toContain(name);
      expect(problem).not.toContain('s3cret');
    },
  );

  verifies('config.real-deployment', 'lets the sandbox run beside what is of this machine, or says nothing', () => {
    for (const env of [
      { PUBLIC_URL: 'http://localhost:3002' },
      { PUBLIC_URL: 'http://[::1]:3002', HOST: '::1' },
      { HOST: 'localhost' },
      { SCALEKIT_CLIENT_ID: ' ', SCALEKIT_ENV_URL: '', SCALEKIT_REGION: '' },
      { ALLOWED_CLIENTS: 'x', SANDBOX_MODE: 'environment' },
      { SCALEKIT_MCP_URL: 'https://mcp.example.com/mcp', SCALEKIT_MCP_TOKEN: 'token' },
    ]) {
      expect(problemsOf(env)).toEqual([]);
    }
  });

  verifies.each('config.one-problem', [
    ['SCALEKIT_MCP_SERVER_ID', { ...LIVE, SCALEKIT_MCP_SERVER_ID: '123' }],
    ['SCALEKIT_ENV_URL', { ...LIVE, SCALEKIT_ENV_URL: 'acme.scalekit.dev' }],
    [
      'SCALEKIT_ENV_URL',
      { ...LIVE, SCALEKIT_ENV_URL: 'https://acme.scalekit.dev/path', HOST: '0.0.0.0', ALLOWED_HOSTS: 'a' },
    ],
    ['SCALEKIT_API_URL', { ...LIVE, SCALEKIT_API_URL: 'api.scalekit.com' }],
    ['SCALEKIT_CLIENTID', { ...ENVIRONMENT, SCALEKIT_CLIENT_ID: '', SCALEKIT_CLIENTID: 'skc_1' }],
    [
      'SCALEKIT_ENVIRONMENT_URL',
      { ...ENVIRONMENT, SCALEKIT_ENV_URL: '', SCALEKIT_ENVIRONMENT_URL: 'https://a.example' },
    ],
    ['ALLOWED_CLIENTS', { ...ENVIRONMENT, ALLOWED_CLIENTS: ',' }],
    ['ALLOWED_CLIENT', { ...ENVIRONMENT, ALLOWED_CLIENTS: '', ALLOWED_CLIENT: 'a' }],
    ['AUDITLOG', { ...LIVE, AUDITLOG: '/var/log/audit.jsonl' }],
    ['audit_log', { ...LIVE, audit_log: 'off' }],
    ['DRAIN_TIMEOUT', { ...LIVE, DRAIN_TIMEOUT: '1000' }],
    ['RATE_LIMITS', { ...LIVE, RATE_LIMITS: 'off' }],
    ['PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'mcp.example.com', NODE_ENV: 'production' }],
    ['PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'https://mcp.example.com/mcp', HOST: '0.0.0.0' }],
    ['PORT', { PORT: 'http', SANDBOX_PORT: '3002', METRICS_PORT: '0' }],
    ['MAX_CALLS', { MAX_CALLS: 'many', MAX_CALLS_PER_CALLER: '600' }],
    ['REDIS_URL', { WORKERS: '2', REDIS_URL: 'localhost' }],
    ['HTTPS_PROXY', { ...LIVE, HTTPS_PROXY: 'proxy.example.com:3128' }],
    ['https_proxy', { ...LIVE, https_proxy: 'http//proxy' }],
    ['HTTP_PROXY', { ...LIVE, HTTP_PROXY: 'http://' }],
  ] as [string, Record<string, string>][])('has one problem for one mistake: %s of %o', (name, env) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(new RegExp(`^${name}[:,] `))]);
  });

  verifies.each('config.problems', [
    ['PUBLIC_URL', 'mcp.example.com', 'must be a URL: https:// is missing in front.'],
    ['PUBLIC_URL', 'mcp.example.com:8443', 'must be a URL: https:// is missing in front.'],
    ['SCALEKIT_ENV_URL', 'acme.scalekit.dev', 'must be a URL: https:// is missing in front.'],
    ['SCALEKIT_API_URL', 'api.example.com/api/v1', 'must be a URL: https:// is missing in front.'],
    ['SCALEKIT_API_URL', 'localhost:3003/base', 'must be a URL: https:// is missing in front.'],
    ['PUBLIC_URL', 'ftp://mcp.example.com', 'must be a URL.'],
    ['PUBLIC_URL', 'https://', 'must be a URL.'],
    ['PUBLIC_URL', 'my server', 'must be a URL.'],
  ])('says what a URL lacks, and does not quote it: %s=%s', (name, value, text) => {
    expect(problemsOf({ ...LIVE, [name]: value })).toEqual([`${name}: ${text}`]);
  });

  verifies('config.problems', 'names unknown toolsets and tools beside all others', () => {
    const names = { toolsets: new Set(['users', 'default']), tools: new Set(['whoami']) };
    const SCOPE_MAP = '{"erp":"mcp:tools:who"}';
    const env = { ...LIVE, TOOLSETS: 'usres', TOOLS: 'who,whoami', SCOPE_MAP, RATE_LIMIT: '{' };
    expect(problemsIn(() => parseConfig(env, new Problems(), undefined, names))).toEqual([
      expect.stringMatching(/^RATE_LIMIT: /),
      'SCOPE_MAP: there is no tool that mcp:tools:who could allow.',
      'TOOLSETS: nothing is called "usres". There are users, default.',
      'TOOLS: nothing is called "who". docs/tools.md has them all.',
    ]);
  });

  verifies('config.one-problem', 'has one for a secret that cannot be read', () => {
    const problems = new Problems();
    const env = readSecretFiles(
      { ...ENVIRONMENT, SCALEKIT_CLIENT_SECRET: '', SCALEKIT_CLIENT_SECRET_FILE: '/nowhere' },
      problems,
    );
    expect(problemsIn(() => parseConfig(env, problems))).toEqual([
      'SCALEKIT_CLIENT_SECRET_FILE: cannot be read (ENOENT): there is no such file. Set it to the path of a file, not to the secret itself.',
    ]);
  });

  verifies('config.one-problem', 'has none for names that only resemble ours, or stand beside them', () => {
    const others = {
      HOSTNAME: 'pod-7',
      HOSTS: 'a',
      PORTS: '1',
      WORKER: '1',
      LOG_FORMAT: 'json',
      SCALEKIT_MCP_SERVICE_HOST: '10.0.0.1',
      SCALEKIT_MCP_PORT: 'tcp://10.0.0.1:80',
      SCALEKIT_ENVIRONMENT_URL: 'https://acme.scalekit.dev',
      AUDITLOG: ' ',
      HTTPS_PROXY: 'http://user:word@proxy.example.com:3128',
    };
    expect(problemsOf({ ...LIVE, ...others })).toEqual([]);
  });

  verifies('config.warnings', 'warns of two modes that are mixed, and uses that of the caller’s token', () => {
    expect(parseConfig(LIVE).warnings).toEqual([]);
    expect(parseConfig(ENVIRONMENT).warnings).toEqual([]);
    for (const [client, names] of [
      [{ SCALEKIT_CLIENT_ID: 'skc_1' }, 'SCALEKIT_CLIENT_ID'],
      [{ SCALEKIT_CLIENT_SECRET: 's3cret' }, 'SCALEKIT_CLIENT_SECRET'],
      [ENVIRONMENT, 'SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET'],
      [{ SCALEKIT_CLIENT_SECRET_FILE: '/run/client' }, 'SCALEKIT_CLIENT_SECRET_FILE'],
    ] as const) {
      const { scalekit, warnings } = parseConfig({ ...client, ...LIVE });
      expect(scalekit).toMatchObject({ mode: { kind: 'workspace' } });
      expect(warnings).toEqual([expect.stringMatching(new RegExp(`^${names}: not used, because SCALEKIT_API_URL`))]);
      expect(warnings.join()).toMatch(
        /no client and no secret are needed\. Unset (this|these), or unset SCALEKIT_API_URL/,
      );
      expect(warnings.join()).not.toContain('s3cret');
    }
  });

  verifies(
    'config.warnings',
    'warns of the mode of the sandbox beside a real environment, which decides by itself',
    () => {
      for (const env of [LIVE, ENVIRONMENT]) {
        expect(parseConfig({ ...env, SANDBOX_MODE: 'environment', SANDBOX_PORT: '0' }).warnings).toEqual([
          expect.stringMatching(/^SANDBOX_MODE: not used, because SCALEKIT_ENV_URL/),
        ]);
      }
    },
  );

  verifies('config.frozen', 'is frozen to the bottom', () => {
    const config = parseConfig(LIVE);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.allowedHosts)).toBe(true);
    expect(Object.isFrozen(config.scalekit)).toBe(true);
  });

  verifies('config.problems', 'names every problem at once, by variable', () => {
    const problems = problemsOf({
      PORT: 'http',
      PUBLIC_URL: 'https://mcp.example.com/path',
      LOG_LEVEL: 'loud',
      SCALEKIT_ENV_URL: 'http://acme.scalekit.dev',
      HOST: 'local host',
    });
    const names = problems.map((problem) => problem.split(':')[0]);
    expect(names).toEqual(expect.arrayContaining(['LOG_LEVEL', 'PORT', 'PUBLIC_URL', 'SCALEKIT_ENV_URL', 'HOST']));
    expect(new ConfigurationError(problems).message).toMatch(/^The configuration cannot be used:\n {2}- /);
  });

  verifies.each('config.problems', [
    'EXPECTED_AUDIENCE',
    'ALLOWED_HOSTS',
    'ALLOWED_ORIGINS',
    'ALLOWED_SUBJECTS',
    'ALLOWED_CLIENTS',
    'ALLOWED_ORGANIZATIONS',
  ])('does not take a list of separators for a list: %s', (name) => {
    for (const value of [',', ' , ,']) expect(problemsOf({ [name]: value })).toEqual([`${name}: names nothing.`]);
  });

  verifies('middleware.origin', 'reads origins of pages whole, by default those of loopback and the public URL', () => {
    const origins = (env: Record<string, string>) => parseConfig({ ...LIVE, ...env }).allowedOrigins;
    const loopback = ['localhost', '127.0.0.1', '[::1]'];
    expect(origins({})).toEqual(loopback);
    expect(origins({ PUBLIC_URL: 'https://mcp.example.com' })).toEqual([...loopback, 'https://mcp.example.com']);
    const listed = 'App.example.com,https://b.example:443,http://c.example:8080,LOCALHOST,http://[::1]:80';
    expect(origins({ ALLOWED_ORIGINS: listed, PUBLIC_URL: 'https://mcp.example.com' })).toEqual([
      'https://app.example.com',
      'https://b.example',
      'http://c.example:8080',
      'localhost',
      'http://[::1]',
      'https://mcp.example.com',
    ]);
    expect(origins({ ALLOWED_ORIGINS: '*' })).toEqual(['*']);
    for (const entry of [
      'https://a.example/',
      'a.example:80',
      'ftp://a.example',
      'a b',
      'http://a:99999',
      '**',
      '*.a.example',
      'https://*',
    ]) {
      expect(problemsOf({ ALLOWED_ORIGINS: entry })).toEqual([
        expect.stringMatching(/^ALLOWED_ORIGINS: holds an entry/),
      ]);
    }
  });

  verifies('config.plain-urls', 'warns once of names that other machines use without PUBLIC_URL', () => {
    const warnings = (env: Record<string, string>) =>
      parseConfig(env).warnings.filter((warning) => warning.includes('PUBLIC_URL'));
    for (const ALLOWED_HOSTS of ['mcp.example.com', 'localhost,mcp.internal,10.0.0.7', '[2001:db8::1]']) {
      expect(warnings({ ALLOWED_HOSTS, TRUST_PROXY: '1' })).toEqual([expect.stringMatching(/^PUBLIC_URL: not set/)]);
      expect(warnings({ ALLOWED_HOSTS, PUBLIC_URL: 'http://localhost:3002' })).toEqual([]);
    }
    for (const ALLOWED_HOSTS of ['', 'localhost', 'LOCALHOST,127.0.0.1,[::1]']) {
      expect(warnings({ ALLOWED_HOSTS })).toEqual([]);
    }
  });

  verifies.each('config.problems', [
    'http://127.0.0.1',
    '127.0.0.1:3002',
    'local host',
    '[::1',
    '[127.0.0.1]',
    '[::1]:3002',
    '::x',
    'a..b',
    '-',
  ])('refuses %j as HOST', (HOST) => {
    expect(problemsOf({ HOST, ALLOWED_HOSTS: 'x' })).toEqual(['HOST: must be an IP address or a host name.']);
  });

  verifies.each('config.exposure', [
    ['[::1]', '::1'],
    ['::1', '::1'],
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
  ])('listens on %s without a name for others', (HOST, host) => {
    expect(parseConfig({ HOST }).host).toBe(host);
  });

  verifies('config.exposure', 'listens on all addresses in either spelling, and on a name', () => {
    for (const HOST of ['[::]', '::', '0.0.0.0', 'pod-7.internal']) {
      expect(problemsOf({ ...LIVE, HOST })).toEqual([expect.stringMatching(/^HOST: .* is reachable/)]);
      expect(parseConfig({ ...LIVE, HOST, ALLOWED_HOSTS: 'x' }).host).toBe(HOST.replace(/[[\]]/g, ''));
    }
  });

  verifies('config.problems', 'never repeats a value that could be a secret', () => {
    const problems = problemsOf({ ...LIVE, PROTECTED_RESOURCE_METADATA: '{"token":"s3cret"' });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('s3cret');
  });

  verifies('config.frozen', 'takes an empty value for none', () => {
    expect(parseConfig({ PORT: '', SCALEKIT_ENV_URL: ' ', PUBLIC_URL: '' })).toMatchObject({
      port: 3002,
      publicUrl: undefined,
    });
  });

  it('knows workspace mode by the API’s URL, with or without its path', () => {
    for (const url of ['https://api.scalekit.com', 'https://api.scalekit.com/', 'https://api.scalekit.com/api/v1']) {
      expect(parseConfig({ ...LIVE, SCALEKIT_API_URL: url }).scalekit).toMatchObject({
        mode: { kind: 'workspace', apiUrl: 'https://api.scalekit.com/api/v1' },
      });
    }
    expect(parseConfig({ ...LIVE, SCALEKIT_API_URL: 'https://gate.example.com/scalekit' }).scalekit).toMatchObject({
      mode: { apiUrl: 'https://gate.example.com/scalekit/api/v1' },
    });
  });

  verifies('token.issuers', 'accepts tokens of the environment and of this server’s resource', () => {
    expect(parseConfig(LIVE).scalekit).toMatchObject({
      authorizationServers: ['https://acme.scalekit.dev/resources/res_123'],
      issuers: ['https://acme.scalekit.dev', 'https://acme.scalekit.dev/resources/res_123'],
    });
  });

  verifies('metadata.overrides', 'requires the server id unless the metadata names authorization servers', () => {
    const { SCALEKIT_MCP_SERVER_ID: _, ...rest } = LIVE;
    expect(problemsOf(rest)).toEqual([expect.stringMatching(/^SCALEKIT_MCP_SERVER_ID: required/)]);
    const named = { authorization_servers: ['https://login.example.com'], resource_name: 'Ours' };
    const config = parseConfig({ ...rest, PROTECTED_RESOURCE_METADATA: JSON.stringify(named) });
    expect(config.scalekit).toMatchObject({
      authorizationServers: named.authorization_servers,
      issuers: named.authorization_servers,
    });
    expect(config.metadataOverrides).toEqual({ resource_name: 'Ours' });
  });

  verifies('metadata.overrides', 'refuses metadata about somebody else’s resource', () => {
    const env = { ...LIVE, PUBLIC_URL: 'https://mcp.example.com' };
    for (const resource of ['https://other.example.com/mcp', 'https://mcp.example.com/other', 7]) {
      expect(problemsOf({ ...env, PROTECTED_RESOURCE_METADATA: JSON.stringify({ resource }) })).toHaveLength(1);
    }
    expect(problemsOf({ ...env, PROTECTED_RESOURCE_METADATA: '{"resource":"https://mcp.example.com/mcp"}' })).toEqual(
      [],
    );
  });

  verifies('config.admission', 'demands to know whom environment mode serves', () => {
    const { ALLOWED_CLIENTS: _, ...env } = ENVIRONMENT;
    expect(problemsOf(env)).toEqual([
      expect.stringMatching(/^ALLOWED_SUBJECTS, ALLOWED_CLIENTS or ALLOWED_ORGANIZATIONS/),
    ]);
    expect(parseConfig({ ...env, ALLOWED_CLIENTS: 'a, b' }).admission.clients).toEqual(['a', 'b']);
    expect(problemsOf({ ...LIVE })).toEqual([]);
  });

  verifies('config.exposure', 'demands a name for a host that others can reach', () => {
    const exposed = { ...LIVE, HOST: '0.0.0.0' };
    expect(problemsOf(exposed)).toEqual([expect.stringMatching(/^HOST: 0\.0\.0\.0 is reachable/)]);
    expect(problemsOf({ ...exposed, ALLOWED_HOSTS: 'mcp.internal' })).toEqual([]);
    expect(problemsOf({ ...exposed, PUBLIC_URL: 'https://mcp.example.com' })).toEqual([]);
  });

  verifies('config.public-url', 'demands the public URL in production, wherever the server listens', () => {
    const production = { ...LIVE, NODE_ENV: 'production' };
    for (const env of [
      {},
      { ALLOWED_HOSTS: 'mcp.internal' },
      { HOST: '0.0.0.0' },
      { HOST: '0.0.0.0', ALLOWED_HOSTS: 'x' },
    ]) {
      expect(problemsOf({ ...production, ...env })).toEqual([
        expect.stringMatching(/^PUBLIC_URL: required in production/),
      ]);
    }
    expect(problemsOf({ ...production, PUBLIC_URL: 'https://mcp.example.com' })).toEqual([]);
    expect(problemsOf(LIVE)).toEqual([]);
  });

  verifies('token.lifetime', 'takes any lifetime of a token, or a limit in seconds', () => {
    expect(parseConfig(LIVE).maxTokenLifetimeSeconds).toBeUndefined();
    expect(parseConfig({ ...LIVE, MAX_TOKEN_LIFETIME_SECONDS: '3600' }).maxTokenLifetimeSeconds).toBe(3600);
    for (const value of ['0', '-1', '1.5', 'an hour']) {
      expect(problemsOf({ ...LIVE, MAX_TOKEN_LIFETIME_SECONDS: value })).toEqual([
        expect.stringMatching(/^MAX_TOKEN_LIFETIME_SECONDS: must be/),
      ]);
    }
  });

  it('accepts the public URL’s host beside the listed ones', () => {
    const config = parseConfig({ ...LIVE, PUBLIC_URL: 'https://mcp.example.com', ALLOWED_HOSTS: 'pod.internal' });
    expect(config.allowedHosts).toEqual(['pod.internal', 'mcp.example.com']);
    expect(config.allowedOrigins).toEqual(['localhost', '127.0.0.1', '[::1]', 'https://mcp.example.com']);
    expect(problemsOf({ ALLOWED_HOSTS: 'https://mcp.example.com' })).toEqual([expect.stringMatching(/^ALLOWED_HOSTS/)]);
  });

  verifies('token.audiences', 'expects the server id as audience, or what is configured', () => {
    expect(parseConfig(LIVE).expectedAudience).toEqual(['res_123']);
    expect(parseConfig({ ...LIVE, EXPECTED_AUDIENCE: 'a,b' }).expectedAudience).toEqual(['a', 'b']);
    expect(parseConfig({}).expectedAudience).toBeUndefined();
  });

  verifies('config.problems', 'refuses half a client, a shared port, and settings that would be ignored', () => {
    expect(problemsOf({ ...ENVIRONMENT, SCALEKIT_CLIENT_SECRET: '' })).toEqual([
      expect.stringMatching(
        /^SCALEKIT_CLIENT_SECRET: required in environment mode.* SCALEKIT_CLIENT_SECRET_FILE may name a file/,
      ),
    ]);
    expect(problemsOf({ ...LIVE, SCALEKIT_API_URL: '' })).toEqual([
      expect.stringMatching(
        /^SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET: both required in environment mode.* SCALEKIT_CLIENT_SECRET_FILE may/,
      ),
    ]);
    expect(problemsOf({ PORT: '4000', SANDBOX_PORT: '4000' })).toEqual([expect.stringMatching(/^SANDBOX_PORT/)]);
    const metadata = { authorization_servers: ['https://login.example.com'], resource_name: 'Ours' };
    expect(problemsOf({ PROTECTED_RESOURCE_METADATA: JSON.stringify(metadata) })).toEqual([
      expect.stringMatching(
        /^PROTECTED_RESOURCE_METADATA: authorization_servers has no meaning without SCALEKIT_ENV_URL/,
      ),
    ]);
    expect(problemsOf({ PROTECTED_RESOURCE_METADATA: '{"resource_name":"Ours"}' })).toEqual([]);
  });
});

describe('.env.example', () => {
  const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');
  const SRC = new URL('../../../src/', import.meta.url);
  const setting = /^# ([A-Z_]+)=(.*)$/;

  verifies('config.env-example', 'holds every variable that is read, once, and no other', () => {
    const named = lines.flatMap((line) => setting.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  verifies('config.env-example', 'names what is read from the process alone', () => {
    const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      // Prompts hold code for other people's applications, as text.
      .filter((file) => file.endsWith('.ts') && !file.startsWith('prompts'));
    const code = sources.map((file) => readFileSync(new URL(file, SRC), 'utf8')).join('\n');
    const direct = [...code.matchAll(/\{([^{}]+)\} = process\.env\b/g)].flatMap(([, names = '']) => names.split(','));
    const named = [...code.matchAll(/process\.env(?:\.(\w+)|\[['"](\w+)['"]\])/g)].map(([, a, b]) => a ?? b);
    const read = [...direct, ...named, ...PROXY_VARIABLES, 'NO_PROXY'].map((name) => String(name).trim().toUpperCase());
    expect(read).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
    const text = lines.join('\n');
    expect([...new Set(read)].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  verifies('config.env-example', 'explains each above its line, or above the group that it stands in', () => {
    for (const [i, line] of lines.entries()) {
      if (!setting.test(line)) continue;
      const above = lines.slice(0, i).findLast((other) => !setting.test(other));
      expect(above, line).toMatch(/^# \S.* \S+/);
    }
  });

  verifies('config.env-example', 'shows values that can be used as they stand', () => {
    const shown = lines.filter((line) => setting.test(line)).map((line) => line.slice(2));
    expect(problemsOf({ ...parse(shown.join('\n')), NODE_ENV: 'production' })).toEqual([]);
  });
});
