import type { Goal } from './goals.ts';
import type { Growth } from './growth.ts';
import type { Cell } from './matrix.ts';
import type { SelectionCosts } from './selections.ts';
import type { Startup } from './startup.ts';
import type { TraceCosts } from './trace.ts';
import type { Scaling } from './workers.ts';

/** Everything that was measured. What was not measured is undefined or NaN. */
export interface Findings {
  readonly cells: readonly Cell[];
  readonly growth: Growth | undefined;
  /** The highest memory of the live server during all measurements, in megabytes. */
  readonly peakMb: number;
  /** How long the live server waited for a core, because of other work on the machine. */
  readonly waitedSeconds: number;
  readonly startup: Startup | undefined;
  readonly scaling: Scaling | undefined;
  readonly selections: SelectionCosts | undefined;
  readonly verifyMicroseconds: number;
  readonly chargeMicroseconds: number;
  readonly traceMicroseconds: TraceCosts | undefined;
}

const MAX_CALL_MICROSECONDS = 550;
/** How much more a call may cost where many selections are asked for in turn. */
const MOST_OF_SELECTIONS = 1.1;
/** How much more a start may cost than one of another build. */
const MOST_OF_START = 1.1;

/** The goals of this server, on one core and in one run, with the measured figures. */
export function goalsOf(findings: Findings): Goal[] {
  const { cells, growth, startup, scaling, selections, peakMb } = findings;
  const missing = Number.NaN;
  return [
    ...cellGoals(cells),
    {
      name: 'peak memory at 64 connections',
      atMost: 180,
      unit: 'MB',
      measured: cells.some(({ connections }) => connections === 64) ? peakMb : missing,
    },
    {
      name: 'memory after 100,000 calls, by before',
      atMost: 1.05,
      measured: growth === undefined ? missing : growth.after.resident / growth.before.resident,
    },
    { name: 'ready after start, live mode', atMost: 700, unit: 'ms', measured: startup?.live.wallMs ?? missing },
    {
      name: 'ready after start, with the sandbox',
      atMost: 1500,
      unit: 'ms',
      measured: startup?.sandbox.wallMs ?? missing,
    },
    ...comparedStart(startup),
    { name: 'two workers by one, on two cores', atLeast: 1.8, measured: scaling?.freed ?? missing },
    {
      name: 'call with 200 selections in turn, by one without',
      atMost: MOST_OF_SELECTIONS,
      measured: selections === undefined ? missing : selections.narrowed.cpuPerRequest / selections.whole.cpuPerRequest,
    },
    {
      name: 'live heap after calls with 200 selections in turn, by before',
      atMost: 1.05,
      measured: selections === undefined ? missing : selections.heap.after / selections.heap.before,
    },
    { name: 'verify a token again', atMost: 15, unit: 'µs CPU', measured: findings.verifyMicroseconds },
    { name: 'charge a caller, in memory', atMost: 20, unit: 'µs CPU', measured: findings.chargeMicroseconds },
  ];
}

/** A start in live mode by one of another build; nothing where there is none to compare with. */
function comparedStart(startup: Startup | undefined): Goal[] {
  if (startup?.before === undefined) return [];
  const { live, before } = startup;
  const name = 'ready after start, live mode, by the other build';
  return [
    { name: `${name}, CPU`, atMost: MOST_OF_START, measured: live.cpuMs / before.cpuMs },
    { name: `${name}, time`, atMost: MOST_OF_START, measured: live.wallMs / before.wallMs },
  ];
}

function cellGoals(cells: readonly Cell[]): Goal[] {
  const at = (name: string, connections: number) =>
    (['modern', 'legacy'] as const).map((era) => {
      const is = ({ exercise, connections: of }: Cell) =>
        exercise.name === name && exercise.era === era && of === connections;
      return { era, cell: cells.find(is) };
    });
  const ratio = (name: string, atLeast: number): Goal[] =>
    at(name, 16).map(({ era, cell }) => ({
      name: `${name}, ${era}, 16 connections, of node:http`,
      atLeast,
      measured: cell === undefined ? Number.NaN : cell.figures.perSecond / cell.bare.perSecond,
    }));
  const cpu = [16, 64].flatMap((connections) =>
    at('call, API 0 ms', connections).map(({ era, cell }) => ({
      name: `call with REST, ${era}, ${connections} connections`,
      atMost: MAX_CALL_MICROSECONDS,
      unit: 'µs CPU',
      measured: (cell?.figures.cpuPerRequest ?? Number.NaN) * 1000,
    })),
  );
  const tail = at('call, API 0 ms', 64).map(({ era, cell }) => ({
    name: `call with REST, ${era}, 64 connections: p99 by p50`,
    atMost: 4,
    measured: cell === undefined ? Number.NaN : cell.figures.p99 / cell.figures.p50,
  }));
  const withApi = cells.filter(({ exercise }) => exercise.apiDelayMs !== undefined);
  const failed = cells.reduce((sum, { figures }) => sum + figures.failures, 0);
  return [
    ...ratio('tools/list', 0.15),
    ...ratio('call, API in process', 0.09),
    ...cpu,
    ...tail,
    { name: 'wrong answers and lost connections', atMost: 0, measured: cells.length === 0 ? Number.NaN : failed },
    ...[Math.min, Math.max].map((of) => ({
      name: `API calls per call, ${of === Math.min ? 'fewest' : 'most'}`,
      atLeast: 1,
      atMost: 1,
      measured: withApi.length === 0 ? Number.NaN : of(...withApi.map(({ outgoing }) => outgoing)),
    })),
  ];
}
