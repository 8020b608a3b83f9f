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

verifies('config.one-problem', 'takes no variable of ours for a near miss, and none whose name is merely short', () => {
  for (const name of KNOWN) expect(nearMisses({ [name]: 'x' }, KNOWN)).toEqual([]);
  for (const name of ['PATH', 'HOME', 'HOSTS', 'POST', 'WORKER', 'NODE_OPTIONS', 'LOGNAME', 'HTTPS_PROXY']) {
    expect(meantBy(name), name).toEqual([]);
  }
});
