import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { nearMisses, strangers } from '../../../src/config/near-misses.ts';
import { verifies } from '../../verifies.ts';

const KNOWN = Object.keys(VARIABLES);
const meantBy = (name: string) => nearMisses({ [name]: 'x' }, KNOWN).map(({ meant }) => meant);

verifies(
  'config.one-problem',
  'finds every name of ours without its separators, in lower case, and with a letter wrong',
  () => {
    for (const name of KNOWN) {
      const slips = [name.replaceAll('_', ''), name.toLowerCase(), name.replaceAll('_', '-')].filter(
        (slip) => slip !== name,
      );
      for (const slip of slips) expect(meantBy(slip), slip).toEqual([name]);
      if (name.replaceAll('_', '').length < 8) continue;
      const middle = name.length >> 1;
      for (const slip of [name.slice(0, -1), `${name}S`, `${name.slice(0, middle)}X${name.slice(middle)}`]) {
        if (!KNOWN.includes(slip)) expect(meantBy(slip), slip).toHaveLength(1);
      }
    }
  },
);

verifies('config.one-problem', 'finds swapped and doubled letters in short names, and another form of a word', () => {
  for (const name of KNOWN.filter((known) => known.length >= 4)) {
    const middle = name.length >> 1;
    const slips = [`${name}${name.at(-1)}`];
    const [left, right] = [name[middle - 1], name[middle]];
    if (left !== right) slips.push(`${name.slice(0, middle - 1)}${right}${left}${name.slice(middle + 1)}`);
    for (const slip of slips) if (!KNOWN.includes(slip)) expect(meantBy(slip), slip).toEqual([name]);
  }
  expect(['PROT', 'HOTS', 'PORRT', 'SANDBOX_MODUS', 'SANDBOX_MODI', 'LOG_LEVELLED'].map(meantBy)).toEqual([
    ['PORT'],
    ['HOST'],
    ['PORT'],
    ['SANDBOX_MODE'],
    ['SANDBOX_MODE'],
    [],
  ]);
});

verifies('config.one-problem', 'takes no variable of ours for a near miss, and none whose name is merely short', () => {
  for (const name of KNOWN) expect(nearMisses({ [name]: 'x' }, KNOWN)).toEqual([]);
  for (const name of [
    'PATH',
    'HOME',
    'HOSTS',
    'POST',
    'WORKER',
    'PORTS',
    'LOG_FILE',
    'REDIS_PORT',
    'SCALEKIT_MCP_SERVICE_HOST',
    'SCALEKIT_MCP_URL',
    'SCALEKIT_MCP_TOKEN',
    'NODE_OPTIONS',
    'LOGNAME',
    'HTTPS_PROXY',
  ]) {
    expect(meantBy(name), name).toEqual([]);
  }
});

const strange = (env: Record<string, string>) => strangers(env, KNOWN, nearMisses(env, KNOWN));

verifies('config.warnings', 'warns of a name that begins like ours, with those that there are', () => {
  for (const name of ['ALLOWED_ORGS', 'MAX_TOKEN_LIFETIME', 'TRUST_PROXIES', 'AUDIT_LOG_FILE', 'PUBLIC_URL_FILE']) {
    const env = { [name]: 'x' };
    const [line = ''] = [...strange(env), ...nearMisses(env, KNOWN).map((miss) => `${miss.name}: ${miss.meant}`)];
    expect(line, name).toMatch(new RegExp(`^${name}: `));
  }
  expect(strange({ TRUST_EVERYBODY: '1' })).toEqual([
    'TRUST_EVERYBODY: no variable of this server, and not read. Those that begin so are TRUST_PROXY.',
  ]);
});

verifies(
  'config.warnings',
  'warns of a near miss of a name that is set as well, and of a refused one not twice',
  () => {
    expect(strange({ ALLOWED_ORGANIZATIONS: 'org_1', ALLOWED_ORGANISATIONS: 'org_2' })).toEqual([
      'ALLOWED_ORGANISATIONS: no variable of this server, and not read. ALLOWED_ORGANIZATIONS, which is set, counts.',
    ]);
    expect(strange({ ALLOWED_ORGANISATIONS: 'org_2' })).toEqual([]);
  },
);

verifies('config.warnings', 'says nothing of our own names, of empty ones, and of those of other programs', () => {
  for (const name of KNOWN) expect(strange({ [name]: 'x' }), name).toEqual([]);
  for (const name of [
    'PATH',
    'LOG_FORMAT',
    'NODE_OPTIONS',
    'HTTPS_PROXY',
    'HOSTNAME',
    'REDIS_DIGEST',
    'HAPROXY_DIGEST',
    'SCALEKIT_MCP_SERVICE_HOST',
    'SCALEKIT_MCP_SERVICE_PORT_HTTP',
    'SCALEKIT_MCP_PORT',
    'SCALEKIT_MCP_URL',
    'SCALEKIT_MCP_TOKEN',
    'SCALEKIT_MCP_PORT_3002_TCP_ADDR',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ]) {
    expect(strange({ [name]: 'x' }), name).toEqual([]);
  }
  expect(strange({ ALLOWED_ORGS: ' ' })).toEqual([]);
});
