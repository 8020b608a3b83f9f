import { verifyLedger } from '../../../src/observability/audit/verify.ts';
import { type Goal, goalRow, isMet } from '../../goals.ts';
import { type Row, rounded, tableOf } from '../../table.ts';
import type { Delay } from '../report.ts';
import { Tally } from '../tally.ts';

/** The findings of a run. The tallies are those of the honest caller. */
export interface Findings {
  /** What was sent by the attackers, and what the server answered. */
  readonly attacks: readonly Row[];
  readonly warm: Tally;
  readonly peace: Tally;
  readonly attack: Tally;
  /** How late the server's event loop was under attack. */
  readonly delay: Delay;
  /** Memory in both halves of the attack. */
  readonly earlyMb: number;
  readonly lateMb: number;
  readonly peakMb: number;
  /** How many calls of the honest caller are in the audit ledger. */
  readonly records: number;
  /** The audit ledger's file. */
  readonly ledger: string;
}

/**
 * Prints the findings.
 * @returns whether every limit was kept
 */
export async function report(findings: Findings): Promise<boolean> {
  const { attacks, warm, peace, attack, earlyMb, lateMb, peakMb, records, delay } = findings;
  console.log(`${tableOf(attacks)}\n`);
  const ledger = await verifyLedger([findings.ledger]);
  const facts: Row[] = [
    ...factsOf('in peace', peace),
    ...factsOf('under attack', attack),
    { fact: 'delay of the event loop by itself under attack: p99, ms', value: rounded(delay.ownP99, 1) },
    { fact: '  longest, ms', value: rounded(delay.ownMax, 1) },
    { fact: 'memory in the first half of the attack, MB', value: rounded(earlyMb, 1) },
    { fact: 'memory in the second half, MB', value: rounded(lateMb, 1) },
    { fact: 'records in the audit ledger', value: ledger.whole ? ledger.records : 0 },
  ];
  console.log(`${tableOf(facts)}\n`);

  const all = Tally.of([warm, peace, attack]);
  const goals: Goal[] = [
    { name: 'p99 under attack by p99 in peace', atMost: 5, measured: attack.latency(0.99) / peace.latency(0.99) },
    { name: 'wrong answers', atMost: 0, measured: all.wrong },
    { name: '5xx and 429', atMost: 0, measured: all.unintendedRefusals },
    { name: 'calls without a record', atMost: 0, measured: all.requests - records },
    { name: 'memory: second half by first half', atMost: 1.1, measured: lateMb / earlyMb },
    { name: 'highest memory', atMost: 350, unit: 'MB', measured: peakMb },
    { name: 'audit ledger: broken or lost', atMost: 0, measured: ledger.whole ? ledger.lost : Number.NaN },
  ];
  console.log(tableOf(goals.map(goalRow)));
  for (const [reason, times] of all.reasons) console.log(`WRONG ${times}× ${reason}`);
  return goals.every(isMet);
}

function factsOf(when: string, tally: Tally): Row[] {
  return [
    { fact: `requests of the honest caller ${when}`, value: tally.requests },
    { fact: '  p50, ms', value: rounded(tally.latency(0.5), 1) },
    { fact: '  p99, ms', value: rounded(tally.latency(0.99), 1) },
  ];
}
