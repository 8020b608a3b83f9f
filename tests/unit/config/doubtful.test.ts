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
