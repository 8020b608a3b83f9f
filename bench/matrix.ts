import { prepareAt } from './prepared-request.ts';
import { type Contestant, type Course, type Figures, race } from './race.ts';
import type { Exercise, Stage } from './stage.ts';
import { type Row, rounded } from './table.ts';

const CONNECTIONS = [1, 16, 64] as const;

/** The figures of an exercise with a number of connections. */
export interface Cell {
  readonly exercise: Exercise;
  readonly connections: number;
  readonly figures: Figures;
  readonly bare: Figures;
  readonly express: Figures;
  /** Requests to the API per request, without look-ups of an environment, of which there is one each minute. */
  readonly outgoing: number;
  readonly lookUps: number;
}

/** How long to measure: `thorough` for cells that have a goal. */
const COURSES = {
  brief: { warmUpSeconds: 0.2, slices: 3, sliceSeconds: 0.25 },
  thorough: { warmUpSeconds: 0.5, slices: 5, sliceSeconds: 0.6 },
  quick: { warmUpSeconds: 0.1, slices: 1, sliceSeconds: 0.2 },
} as const;

/** V8 needs seconds of full load until it has optimized all code. Calls run most of the code. */
const WARM_UP_SECONDS = { call: 3, other: 1 };

export interface MatrixOptions {
  /** Measures very briefly, to test the benchmark itself. */
  readonly quick: boolean;
  /** Names of cells to be measured. */
  readonly only: RegExp;
  onCell(cell: Cell): void;
}

interface Planned {
  /** The index of the exercise. */
  readonly number: number;
  readonly exercise: Exercise;
  readonly connections: number;
}

/** Measures every exercise at every number of connections. */
export async function measureMatrix(stage: Stage, { quick, only, onCell }: MatrixOptions): Promise<Cell[]> {
  const planned = stage.exercises
    .flatMap((exercise, number) => CONNECTIONS.map((connections): Planned => ({ number, exercise, connections })))
    .filter(({ exercise, connections }) => only.test(nameOf(exercise, connections)));
  const exercises = new Map(planned.map(({ number, exercise }) => [number, exercise]));
  for (const [number, exercise] of quick ? [] : exercises) await warmUp(stage, number, exercise);
  const cells: Cell[] = [];
  for (const { number, exercise, connections } of planned) {
    const usual = hasGoal(exercise, connections) ? 'thorough' : 'brief';
    const course = COURSES[quick ? 'quick' : usual];
    const cell = await measureCell(stage, number, exercise, { connections, ...course });
    cells.push(cell);
    onCell(cell);
  }
  return cells;
}

/** Runs the server of an exercise, and the servers to compare with, at full load for a while. */
async function warmUp(stage: Stage, number: number, exercise: Exercise): Promise<void> {
  const seconds = exercise.name.startsWith('call') ? WARM_UP_SECONDS.call : WARM_UP_SECONDS.other;
  const course = { connections: 64, warmUpSeconds: seconds, slices: 0, sliceSeconds: 0 };
  if (exercise.apiDelayMs !== 20) await race(course, contestants(stage, number, exercise).slice(-1));
  await race({ ...course, warmUpSeconds: 0.3 }, contestants(stage, number, exercise).slice(0, -1));
}

/** The servers to compare with, followed by the server of the exercise. */
function contestants(stage: Stage, number: number, { name, role, question }: Exercise): Contestant[] {
  const { bare, express, answers } = stage;
  const answer = answers[number];
  if (answer === undefined) throw new Error(`Nobody has answered ${name}.`);
  const others = [bare, express].map((server) => ({
    server,
    prepared: prepareAt(`${server.url}/${number}`, question, answer),
  }));
  return [...others, { server: stage[role], prepared: prepareAt(`${stage[role].url}/mcp`, question, answer) }];
}

async function measureCell(stage: Stage, number: number, exercise: Exercise, course: Course): Promise<Cell> {
  const { upstream } = stage;
  await upstream.ask('delay', exercise.apiDelayMs ?? 0);
  const before = await upstream.ask<Counts>('counts');
  const [bare, express, figures] = await race(course, contestants(stage, number, exercise));
  const after = await upstream.ask<Counts>('counts');
  if (figures === undefined || bare === undefined || express === undefined) throw new Error('No figures.');
  return {
    exercise,
    connections: course.connections,
    figures,
    bare,
    express,
    outgoing: (after.operations - before.operations) / figures.requests,
    lookUps: after.lookUps - before.lookUps,
  };
}

interface Counts {
  readonly operations: number;
  readonly lookUps: number;
}

function hasGoal({ name }: Exercise, connections: number): boolean {
  if (connections === 16) return ['tools/list', 'call, API in process', 'call, API 0 ms'].includes(name);
  return connections === 64 && name === 'call, API 0 ms';
}

export function nameOf({ name, era }: Exercise, connections: number): string {
  return `${name} ${era} ${connections}`;
}

export function rowOf({ exercise, connections, figures, bare, express, outgoing }: Cell): Row {
  const micros = (of: Figures) => rounded(of.cpuPerRequest * 1000);
  return {
    exercise: exercise.name,
    era: exercise.era,
    conns: connections,
    'req/s': rounded(figures.perSecond),
    'p50 ms': rounded(figures.p50, 2),
    'p95 ms': rounded(figures.p95, 2),
    'p99 ms': rounded(figures.p99, 2),
    'µs CPU': micros(figures),
    'node req/s': rounded(bare.perSecond),
    'node µs': micros(bare),
    'of node': rounded(figures.perSecond / bare.perSecond, 3),
    'CPU of node': rounded(bare.cpuPerRequest / figures.cpuPerRequest, 3),
    'of Express': rounded(figures.perSecond / express.perSecond, 3),
    'API calls': exercise.apiDelayMs === undefined && outgoing === 0 ? '' : outgoing.toFixed(2),
    failed: figures.failures,
  };
}
