import { expect } from 'vitest';
import { namesOf } from '../../../src/access/select.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

const LIVE = {
  SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
  SCALEKIT_MCP_SERVER_ID: 'res_123',
  SCALEKIT_API_URL: 'https://api.scalekit.com',
};

const warningsOf = (env: Record<string, string>) => parseConfig({ ...LIVE, ...env }).warnings;

verifies.each('config.wrong-ids', [
  ['ALLOWED_ORGANIZATIONS', 'usr_1234'],
  ['ALLOWED_ORGANIZATIONS', 'm2m_1234'],
  ['ALLOWED_ORGANIZATIONS', 'org_1,usr_1234'],
  ['ALLOWED_CLIENTS', 'org_1234'],
  ['ALLOWED_CLIENTS', 'usr_1234'],
  ['ALLOWED_SUBJECTS', 'org_1234'],
  ['EXPECTED_AUDIENCE', 'skc_1234'],
  ['EXPECTED_AUDIENCE', 'res_1,m2m_1234'],
])('%s warns of %s, and does not name it', (name, value) => {
  const [warning, ...others] = warningsOf({ [name]: value });
  expect(others).toEqual([]);
  expect(warning).toMatch(new RegExp(`^${name}: holds an id that begins with \\w+_….*Correct the id\\.$`));
  expect(warning).not.toContain('1234');
});

verifies('config.wrong-ids', 'what belongs into the lists is no warning', () => {
  const right = {
    ALLOWED_ORGANIZATIONS: 'org_1,org_none,b1f1-external',
    ALLOWED_CLIENTS: 'm2m_1,skc_1,https://client.example/metadata.json,sandbox-machine',
    ALLOWED_SUBJECTS: 'usr_1,m2m_1,sandbox-machine',
    EXPECTED_AUDIENCE: 'res_1,app_1,https://mcp.example.com/mcp',
  };
  expect(warningsOf(right)).toEqual([]);
});

verifies.each('config.others-audience', [
  ['https://other.example.com/mcp'],
  ['https://other.example.com'],
  ['res_456'],
  ['res_456,https://other.example.com/mcp'],
  ['https://mcp.example.com/other'],
  ['http://mcp.example.com/mcp'],
  ['mcp.example.com/mcp'],
  ['http://localhost:3002/mcp'],
])('tokens for %s alone are for somebody else, which is a warning', (EXPECTED_AUDIENCE) => {
  const env = { PUBLIC_URL: 'https://mcp.example.com', TRUST_PROXY: '1', EXPECTED_AUDIENCE };
  expect(warningsOf(env)).toEqual([
    expect.stringMatching(/^EXPECTED_AUDIENCE: names neither .*\(401\)\. Leave it out/),
  ]);
});

verifies.each('config.others-audience', [
  ['res_123'],
  ['https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp/'],
  ['HTTPS://MCP.example.com'],
  ['https://mcp.example.com/mcp?toolsets=users'],
  ['https://other.example.com/mcp,res_123'],
  ['https://other.example.com/mcp,https://mcp.example.com/mcp'],
  ['https://acme.scalekit.dev'],
  ['our-administration'],
])('%s is no warning', (EXPECTED_AUDIENCE) => {
  expect(warningsOf({ PUBLIC_URL: 'https://mcp.example.com', TRUST_PROXY: '1', EXPECTED_AUDIENCE })).toEqual([]);
});

verifies('config.others-audience', 'without PUBLIC_URL, names of this machine and ALLOWED_HOSTS are its own', () => {
  const EXPECTED_AUDIENCE = 'https://mcp.example.com/mcp';
  const ofAudience = (env: Record<string, string>) =>
    warningsOf(env).filter((warning) => warning.startsWith('EXPECTED_AUDIENCE'));
  expect(ofAudience({ EXPECTED_AUDIENCE })).toHaveLength(1);
  expect(ofAudience({ EXPECTED_AUDIENCE, ALLOWED_HOSTS: 'mcp.example.com' })).toEqual([]);
  expect(ofAudience({ EXPECTED_AUDIENCE: 'http://localhost:3002/mcp' })).toEqual([]);
  const elsewhere = '{"authorization_servers":["https://idp.example.com"]}';
  expect(ofAudience({ EXPECTED_AUDIENCE, PROTECTED_RESOURCE_METADATA: elsewhere })).toEqual([]);
});

verifies('config.proxy-counted', 'https in front of a server that nobody told of a proxy is a warning', () => {
  const PUBLIC_URL = 'https://mcp.example.com';
  expect(warningsOf({ PUBLIC_URL })).toEqual([expect.stringMatching(/^TRUST_PROXY: not set, .*: 1 for one, 0 /)]);
  for (const TRUST_PROXY of ['0', '1', '2']) expect(warningsOf({ PUBLIC_URL, TRUST_PROXY })).toEqual([]);
  expect(warningsOf({ PUBLIC_URL: 'http://localhost:3002' })).toEqual([]);
});

verifies('config.collector', 'what is no URL of a collector is refused, without its password', () => {
  const refused = /^OTEL_EXPORTER_OTLP_ENDPOINT: must be the http or https URL/;
  for (const value of ['collector', 'localhost:4318', 'grpc://user:s3cret@collector:4317', 'http://']) {
    const problems = problemsOf({ ...LIVE, OTEL_EXPORTER_OTLP_ENDPOINT: value });
    expect(problems).toEqual([expect.stringMatching(refused)]);
    expect(problems.join()).not.toContain('s3cret');
    expect(problemsOf({ ...LIVE, OTEL_EXPORTER_OTLP_ENDPOINT: value, OTEL_SDK_DISABLED: 'true' })).toEqual([]);
  }
  expect(warningsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' })).toEqual([]);
});

verifies('config.collector', 'a collector that is to be spoken to in gRPC is a warning', () => {
  const at = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317' };
  expect(warningsOf({ ...at, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_PROTOCOL: not used\. .*4318/),
  ]);
  expect(warningsOf({ ...at, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).toEqual([]);
  expect(warningsOf({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([]);
});

verifies('config.without-effect', 'an address for metrics without their port is a warning', () => {
  const idle = { METRICS_HOST: '0.0.0.0', METRICS_ALLOWED_HOSTS: 'mcp-1' };
  expect(warningsOf(idle)).toEqual([
    expect.stringMatching(/^METRICS_HOST, METRICS_ALLOWED_HOSTS: not used, because METRICS_PORT is not set/),
  ]);
  expect(warningsOf({ METRICS_HOST: '127.0.0.1' })).toEqual([expect.stringMatching(/^METRICS_HOST: not used/)]);
  expect(warningsOf({ ...idle, METRICS_PORT: '9464' })).toEqual([]);
  expect(warningsOf({})).toEqual([]);
});

verifies('config.without-effect', 'what READ_ONLY leaves without effect is a warning', () => {
  const names = namesOf(catalogue);
  const warnings = (env: Record<string, string>) =>
    parseConfig({ ...LIVE, ...env }, undefined, undefined, names).warnings;
  const TOOLS = 'whoami,create_organization,delete_organization';
  expect(warnings({ READ_ONLY: 'on', PRODUCTION_WRITES: 'confirm', TOOLS })).toEqual([
    expect.stringMatching(/^PRODUCTION_WRITES: without effect, because READ_ONLY is on/),
    'TOOLS: create_organization, delete_organization change something, and are not there, because READ_ONLY is on.',
  ]);
  expect(warnings({ PRODUCTION_WRITES: 'confirm', TOOLS })).toEqual([]);
  expect(warnings({ READ_ONLY: 'on', TOOLS: 'whoami' })).toEqual([]);
});

verifies('config.idle-lines', 'lines of .env that only the process can set are a warning', () => {
  const warnings = (idle: readonly string[]) =>
    parseConfig(LIVE, undefined, { path: '/srv/.env', isRead: true, idle }).warnings;
  expect(warnings([])).toEqual([]);
  expect(warnings(['HTTPS_PROXY', 'NO_PROXY'])).toEqual([
    expect.stringMatching(/^HTTPS_PROXY, NO_PROXY: not used, because these variables are .* not from \/srv\/\.env\./),
  ]);
});

const ENVIRONMENT = {
  SCALEKIT_ENV_URL: 'https://acme.scalekit.dev',
  SCALEKIT_MCP_SERVER_ID: 'res_123',
  SCALEKIT_CLIENT_ID: 'skc_1',
  SCALEKIT_CLIENT_SECRET: 'test_s3cret',
  ALLOWED_ORGANIZATIONS: 'org_1',
};
const doubtsOf = (env: Record<string, string>) => parseConfig({ ...ENVIRONMENT, ...env }).warnings;

verifies.each('config.wrong-ids', [
  ['SCALEKIT_CLIENT_ID', 'res_1234'],
  ['SCALEKIT_CLIENT_ID', 'm2m_1234'],
  ['SCALEKIT_CLIENT_SECRET', 'skc_1234'],
])('%s warns of %s in its place', (name, value) => {
  expect(doubtsOf({})).toEqual([]);
  expect(doubtsOf({ [name]: value })).toEqual([
    expect.stringMatching(new RegExp(`^${name}: holds an id that begins with \\w+_….*Scalekit refuses it`)),
  ]);
});

verifies.each('config.copied-values', [
  ['SCALEKIT_CLIENT_SECRET', '"test_s3cret"', 'has quotation marks around the value'],
  ['SCALEKIT_CLIENT_SECRET', '“test_s3cret”', 'has quotation marks around the value'],
  ['SCALEKIT_CLIENT_SECRET', 'SCALEKIT_CLIENT_SECRET=test_s3cret', 'holds a line SCALEKIT_CLIENT_SECRET=…'],
  ['SCALEKIT_CLIENT_ID', 'skc_1234567890', 'still as in the example'],
  ['SCALEKIT_ENV_URL', 'https://your-app.scalekit.dev', 'still as in the example'],
  ['ALLOWED_ORGANIZATIONS', 'org_1,org_1234567890', 'still as in the example'],
])('%s warns of %s, without the secret', (name, value, what) => {
  const warnings = doubtsOf({ [name]: value });
  expect(warnings).toEqual([expect.stringContaining(`${name}: ${what}`)]);
  expect(warnings.join()).not.toContain('s3cret');
});

verifies.each('config.ids', ['["org_1","org_2"]', '"org_1"', 'org_1;org_2', 'org_1 org_2', '*', 'org_*', '<org_1>'])(
  'refuses %s in each list',
  (value) => {
    for (const name of ['ALLOWED_SUBJECTS', 'ALLOWED_CLIENTS', 'ALLOWED_ORGANIZATIONS']) {
      expect(problemsOf({ ...ENVIRONMENT, [name]: value })).toEqual([
        expect.stringMatching(new RegExp(`^${name}: holds an entry that is no id: `)),
      ]);
    }
  },
);

verifies('config.problems', 'says that a quotation mark is part of the value, where that may be why', () => {
  const problems = problemsOf({ ...ENVIRONMENT, PORT: '"3002"', RATE_LIMIT: `'{"default":{}}'` });
  expect(problems).toHaveLength(2);
  for (const problem of problems) expect(problem).toMatch(/A quotation mark at its beginning or end counts/);
  expect(problemsOf({ ...ENVIRONMENT, PORT: 'three' }).join()).not.toContain('quotation');
});

verifies('config.one-problem', 'names that are not read stand beside what is missing', () => {
  const { ALLOWED_ORGANIZATIONS: _, ...others } = ENVIRONMENT;
  expect(problemsOf({ ...others, ALLOWED_ORGS: 'org_1' })).toEqual([
    expect.stringContaining('at least one is required'),
    expect.stringMatching(/^ALLOWED_ORGS: no variable of this server, and not read/),
  ]);
});
