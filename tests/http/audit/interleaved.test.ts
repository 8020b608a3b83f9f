import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { Chain } from '../../../src/observability/audit/chain.ts';
import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { ledgerFolder, verify } from '../../fixtures/ledger.ts';
import { verifies } from '../../verifies.ts';

const ledger = ledgerFolder();

/** Lines of two chains, taking turns. */
function twoChains(): string[] {
  const [one, two] = [new Chain('one'), new Chain('two')];
  return Array.from({ length: 10 }, (_, i) => (i % 3 === 0 ? one : two).next('mcp_tool_access', { i }));
}

async function verdictOn(lines: readonly string[], interleaved = true) {
  writeFileSync(ledger.file(), lines.map((line) => `${line}\n`).join(''));
  return verifyLedger([ledger.file()], { interleaved });
}

describe('chains of several processes in one stream', () => {
  verifies(
    'audit.interleaved',
    'are followed side by side when that is expected, and are a broken chain when not',
    async () => {
      expect(await verdictOn(twoChains())).toMatchObject({ whole: true, records: 10, chains: 2, instances: 2 });
      const { status, said } = verify('--interleaved', ledger.file());
      expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('2 chains stand side by side') });
      // Whoever has kept these notices that the end of one of them is gone.
      const ends = [...said.matchAll(/Record (\d+) is the last of its chain: \w{64}, of the instance (\w+) in (.+)/g)];
      expect(ends.map(([, ...end]) => end)).toEqual([
        ['6', 'two', ledger.file()],
        ['4', 'one', ledger.file()],
      ]);
      expect(await verdictOn(twoChains(), false)).toMatchObject({
        whole: false,
        line: 2,
        reason: expect.stringContaining('--interleaved'),
      });
    },
  );

  verifies.each('audit.interleaved', [
    ['removed', (lines: string[]) => lines.toSpliced(4, 1), 5],
    ['moved', (lines: string[]) => [...lines.slice(0, 4), ...lines.slice(4, 6).reverse(), ...lines.slice(6)], 5],
    ['inserted again', (lines: string[]) => lines.toSpliced(6, 0, String(lines[2])), 7],
    ['the first one of a chain, inserted again', (lines: string[]) => lines.toSpliced(6, 0, String(lines[1])), 7],
    ['changed', (lines: string[]) => lines.with(5, String(lines[5]).replace('"i":5', '"i":6')), 6],
  ])('still show a line that was %s', async (_, tamper, line) => {
    expect(await verdictOn(tamper(twoChains()))).toMatchObject({ whole: false, line });
  });

  verifies(['audit.interleaved', 'audit.forged'], 'are told apart by names that no terminal obeys', () => {
    const chains = [new Chain('one'), new Chain('\u001b[2Jtwo')];
    writeFileSync(ledger.file(), chains.map((chain) => `${chain.next('audit_started', {})}\n`).join(''));
    const { status, said } = verify('--interleaved', ledger.file());
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('(no name of this server)') });
    expect(said).not.toContain('\u001b');
  });

  verifies('audit.interleaved', 'do not go together with a hash that names the beginning of one', () => {
    expect(verify('--interleaved', '--after', 'x', ledger.file())).toMatchObject({ status: 2 });
  });
});
