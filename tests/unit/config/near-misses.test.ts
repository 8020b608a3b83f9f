import { expect } from 'vitest';
import { VARIABLES } from '../../../src/config/config.ts';
import { nearMisses } from '../../../src/config/near-misses.ts';
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
    'NODE_OPTIONS',
    'LOGNAME',
    'HTTPS_PROXY',
  ]) {
    expect(meantBy(name), name).toEqual([]);
  }
});
