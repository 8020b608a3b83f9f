import { catalogue } from '../src/tools/index.ts';
import { sendLoad } from './generator.ts';
import { prepareAt } from './prepared-request.ts';
import { type Figures, race } from './race.ts';
import type { Stage } from './stage.ts';

/** As many as the server keeps surfaces, so that all of them are at work. */
const SELECTIONS = 200;
const CONNECTIONS = 16;
/** Until all code is optimized, and everything is made that is kept. */
const FIRST_CALLS = 4_000;
const COURSE = { connections: CONNECTIONS, warmUpSeconds: 1, slices: 7, sliceSeconds: 0.6 };
const QUICK = { connections: CONNECTIONS, warmUpSeconds: 0.1, slices: 1, sliceSeconds: 0.2 };

/** The same call without a selection, and with many different ones in turn. */
export interface SelectionCosts {
  readonly whole: Figures;
  readonly narrowed: Figures;
  /** The live heap after the first calls with each selection, and after all. In megabytes. */
  readonly heap: { readonly before: number; readonly after: number };
}

/** Measures calls that use the API, in the newer era. */
export async function measureSelections(
  { live, upstream, exercises, answers }: Stage,
  quick: boolean,
): Promise<SelectionCosts> {
  await upstream.ask('delay', 0);
  const number = exercises.findIndex(({ name, era }) => name === 'call, API 0 ms' && era === 'modern');
  const [exercise, answer] = [exercises[number], answers[number]];
  if (exercise === undefined || answer === undefined) throw new Error('There is no such call.');
  const at = (query: string) => prepareAt(`${live.url}/mcp${query}`, exercise.question, answer);
  const prepared = at('');
  const inTurn = queries(SELECTIONS).map((query) => at(query).bytes);
  const contestants = [prepared, { ...prepared, inTurn }].map((each) => ({ server: live, prepared: each }));
  const heapMb = async () => (await live.ask<number>('liveHeap')) / 1024 ** 2;
  await sendLoad({ ...prepared, inTurn }, CONNECTIONS, { requests: FIRST_CALLS });
  const before = await heapMb();
  const [whole, narrowed] = await race(quick ? QUICK : COURSE, contestants);
  if (whole === undefined || narrowed === undefined) throw new Error('No figures.');
  return { whole, narrowed, heap: { before, after: await heapMb() } };
}

/** Different selections, each of which reaches the tool that is called. */
function queries(count: number): string[] {
  const others = catalogue.map(({ name }) => name).filter((name) => name !== 'list_organizations');
  return Array.from({ length: count }, (_, i) => {
    const [one, two] = [others[i % others.length], others[(i + 1 + Math.floor(i / others.length)) % others.length]];
    return `?tools=list_organizations,${one},${two}`;
  });
}
