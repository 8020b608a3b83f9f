import { verifyLedger } from '../../src/observability/audit/verify.ts';
import { type Goal, goalRow, isMet } from '../goals.ts';
import { type Row, rounded, tableOf } from '../table.ts';
import type { Tallies } from './drive.ts';
import type { Said } from './server-under-load.ts';
import type { Tally } from './tally.ts';

/** The findings of a run. Times in milliseconds, heaps in bytes. */
export interface Findings {
  readonly seconds: number;
  /** The tallies of the warm-up, whose answers must be right as well. */
  readonly warm: Tallies;
  readonly tallies: Tallies;
  /** Memory at the end of the warm-up. */
  readonly base: { readonly residentMb: number; readonly liveHeap: number };
  /** The highest memory after the warm-up. */
  readonly peakMb: number;
  readonly liveHeap: number;
  readonly delay: Delay;
  readonly used: { readonly cpuMs: number; readonly waitedMs: number };
  /** Connections that the server still holds after all clients have disconnected. */
  readonly left: number;
  readonly said: Said;
  /** The audit ledger's file. */
  readonly ledger: string;
}

/** The delay of the event loop. */
export interface Delay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Without the time in which the process waited for a core. */
  readonly ownP99: number;
  readonly ownMax: number;
}

const MB = 1024 ** 2;

/**
 * Prints the findings.
 * @returns whether every limit was kept
 */
export async function report(findings: Findings): Promise<boolean> {
  const { seconds, tallies, warm, base, peakMb, liveHeap, delay, used, left, said } = findings;
  console.log(`${tableOf([...tallies].map(([{ group, name }, tally]) => rowOf(group, name, tally)))}\n`);

  const both = [...tallies.values(), ...warm.values()];
  const sum = (of: (tally: Tally) => number, over: Iterable<Tally> = both) => [...over].reduce((n, t) => n + of(t), 0);
  const requests = sum((tally) => tally.requests, tallies.values());
  const intended = sum((tally) => tally.intendedRefusals);
  const ledger = await verifyLedger([findings.ledger]);
  const facts: Row[] = [
    { fact: 'requests per second', value: rounded(requests / seconds) },
    { fact: 'CPU per request, µs, of this mix', value: rounded((used.cpuMs / requests) * 1000) },
    { fact: 'core in use, %', value: rounded((used.cpuMs / seconds / 1000) * 100) },
    { fact: 'time without a core because of other work, %', value: rounded((used.waitedMs / seconds / 1000) * 100, 1) },
    { fact: 'intended 429: the greedy caller, over its limit', value: intended },
    { fact: 'intended 5xx: there are none', value: 0 },
    { fact: 'closed early', value: sum((tally) => tally.closedEarly) },
    { fact: '  before the answer', value: sum((tally) => tally.closedUnanswered) },
    { fact: '  as the server saw it', value: said.closed },
    { fact: 'memory after the warm-up, MB', value: rounded(base.residentMb, 1) },
    { fact: '  peak afterwards, MB', value: rounded(peakMb, 1) },
    { fact: 'live heap after the warm-up, MB', value: rounded(base.liveHeap / MB, 1) },
    { fact: '  at the end, MB', value: rounded(liveHeap / MB, 1) },
    { fact: 'event-loop delay p50, ms', value: rounded(delay.p50, 1) },
    { fact: '  longest, ms', value: rounded(delay.max, 1) },
    { fact: '  p99 of the server’s own doing, ms', value: rounded(delay.ownP99, 1) },
    { fact: '  longest of its own doing, ms', value: rounded(delay.ownMax, 1) },
    { fact: 'records in the audit ledger', value: ledger.whole ? ledger.records : 0 },
  ];
  console.log(`${tableOf(facts)}\n`);

  const goals: Goal[] = [
    { name: 'wrong answers, warm-up included', atMost: 0, measured: sum((tally) => tally.wrong) },
    { name: '5xx and 429 that were not intended', atMost: 0, measured: sum((tally) => tally.unintendedRefusals) },
    { name: 'failures in the server’s log', atMost: 0, measured: said.alarming.length },
    { name: 'memory: peak by what the warm-up left', atMost: 1.15, measured: peakMb / base.residentMb },
    { name: 'live heap: end by what the warm-up left', atMost: 1.15, measured: liveHeap / base.liveHeap },
    { name: 'event-loop delay p99', atMost: 50, unit: 'ms', measured: delay.p99 },
    { name: 'connections left when all have gone', atMost: 0, measured: left },
    { name: 'audit ledger: broken or lost', atMost: 0, measured: ledger.whole ? ledger.lost : Number.NaN },
  ];
  console.log(tableOf(goals.map(goalRow)));
  printProblems(both, said);
  return goals.every(isMet);
}

function rowOf(group: string, name: string, tally: Tally): Row {
  const statuses = [...tally.statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  const ms = (fraction: number) => (tally.statuses.size === 0 ? '' : tally.latency(fraction).toFixed(1));
  return {
    group,
    scenario: name,
    requests: tally.requests,
    wrong: tally.wrong,
    'p50 ms': ms(0.5),
    'p99 ms': ms(0.99),
    statuses: statuses.join(', '),
  };
}

function printProblems(tallies: readonly Tally[], { alarming }: Said): void {
  for (const { reasons } of tallies) {
    for (const [reason, times] of reasons) console.log(`WRONG ${times}× ${reason}`);
  }
  for (const line of alarming.slice(0, 20)) console.log(`LOG ${line.slice(0, 500)}`);
}
