import { parseArgs } from 'node:util';
import { chargeMicroseconds } from './charge.ts';
import { type Findings, goalsOf } from './findings.ts';
import { goalRow, isMet } from './goals.ts';
import { measureGrowth } from './growth.ts';
import { type Cell, measureMatrix, nameOf, rowOf } from './matrix.ts';
import { canPin, standAside } from './processes.ts';
import { measureSelections, type SelectionCosts } from './selections.ts';
import { setStage } from './stage.ts';
import { measureStartup, type Start } from './startup.ts';
import { type Row, rounded, tableOf } from './table.ts';
import { type TraceCosts, traceMicroseconds } from './trace.ts';
import { verifyMicroseconds } from './verify.ts';
import { measureScaling, scalingObstacle } from './workers.ts';

const USAGE = `Usage: npm run bench -- [--check] [--quick] [--only PATTERN] [--before FOLDER]

What the built server costs, as ratios to bare servers that send the same bytes in the same run: the machines that this
runs on are noisy. Takes about five minutes. Needs Linux, and npm run build before it; for two workers redis-server.
  --check         compares with the goals, and exits with 1 when one is missed
  --quick         a minute, with figures that mean little
  --only PATTERN  of the exercises only those whose "NAME ERA CONNECTIONS" matches, and of the rest those that are called
                  growth, selections, startup, workers or costs and match
  --before FOLDER another build, such as that of an older commit, to compare starts in live mode with`;

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    before: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await main(values.quick, new RegExp(values.only), values.check, values.before);

async function main(quick: boolean, only: RegExp, check: boolean, before?: string): Promise<void> {
  const started = performance.now();
  standAside();
  const place = canPin ? 'each server on the first core, the load on the others' : 'all on the same cores';
  console.log(`Node ${process.version}, ${place}.\n`);
  const findings = await measure(quick, only, before);
  const { cells } = findings;
  console.log(`\n${tableOf(cells.map(rowOf))}\n`);
  console.log(`${tableOf(otherRows(findings))}\n`);
  if (check) {
    const goals = goalsOf(findings);
    console.log(`${tableOf(goals.map(goalRow))}\n`);
    if (!goals.every(isMet)) process.exitCode = 1;
  }
  console.log(`It took ${rounded((performance.now() - started) / 1000)} s.`);
}

async function measure(quick: boolean, only: RegExp, before?: string): Promise<Findings> {
  const stage = await setStage();
  const wanted = (name: string) => only.test(name);
  const onCell = ({ exercise, connections }: Cell) => console.error(`measured: ${nameOf(exercise, connections)}`);
  try {
    const growth = wanted('growth') ? await measureGrowth(stage, quick ? 0.05 : 1) : undefined;
    const cells = await measureMatrix(stage, { quick, only, onCell });
    return {
      cells,
      growth,
      peakMb: stage.live.peakMb(),
      waitedSeconds: stage.live.waitedMs() / 1000,
      selections: wanted('selections') ? await measureSelections(stage, quick) : undefined,
      scaling: wanted('workers') ? await measureScaling(stage, quick) : undefined,
      startup: wanted('startup') ? await measureStartup(quick ? 1 : 15, before) : undefined,
      verifyMicroseconds: wanted('costs') ? await verifyMicroseconds() : Number.NaN,
      chargeMicroseconds: wanted('costs') ? await chargeMicroseconds() : Number.NaN,
      traceMicroseconds: wanted('costs') ? traceMicroseconds() : undefined,
    };
  } finally {
    await stage.stop();
  }
}

function startRows(what: string, { wallMs, cpuMs }: Start): Row[] {
  return [
    { what: `${what}, ms`, value: rounded(wallMs) },
    { what: `${what}, ms CPU`, value: rounded(cpuMs) },
  ];
}

function otherRows(findings: Findings): Row[] {
  const { peakMb, waitedSeconds, growth, startup, scaling, selections } = findings;
  const { verifyMicroseconds: verify, chargeMicroseconds: charge, traceMicroseconds: trace } = findings;
  return [
    { what: 'live server without a core because of other work, s', value: rounded(waitedSeconds, 1) },
    { what: 'peak memory of the live server, MB', value: rounded(peakMb, 1) },
    ...(growth === undefined
      ? []
      : [
          { what: `memory before ${growth.calls} calls, MB`, value: rounded(growth.before.resident, 1) },
          { what: '  after them, MB', value: rounded(growth.after.resident, 1) },
          { what: '  live heap before, MB', value: rounded(growth.before.heap, 1) },
          { what: '  live heap after, MB', value: rounded(growth.after.heap, 1) },
          { what: '  calls per second', value: rounded(growth.calls / growth.seconds) },
        ]),
    ...(startup === undefined
      ? []
      : [
          ...startRows('ready after start, live', startup.live),
          ...(startup.before === undefined ? [] : startRows('  of the other build', startup.before)),
          ...startRows('  with the sandbox', startup.sandbox),
        ]),
    ...(scaling === undefined
      ? [{ what: 'two workers by one', value: `not measured: ${scalingObstacle() ?? 'not asked for'}` }]
      : [
          { what: 'one worker on one core, req/s', value: rounded(scaling.one.perSecond) },
          { what: 'two workers on two cores, req/s', value: rounded(scaling.two.perSecond) },
          { what: '  cores that the load took of theirs', value: rounded(scaling.two.loadCores, 2) },
          { what: '  two by one', value: rounded(scaling.raw, 2) },
          { what: '  two by one, without what the load took', value: rounded(scaling.freed, 2) },
          { what: '  µs CPU per request, one', value: rounded(scaling.one.cpuPerRequest * 1000) },
          { what: '  µs CPU per request, two', value: rounded(scaling.two.cpuPerRequest * 1000) },
        ]),
    ...(selections === undefined ? [] : selectionRows(selections)),
    { what: 'verify a token again, µs CPU', value: rounded(verify, 1) },
    { what: 'charge a caller in memory, µs CPU', value: rounded(charge, 1) },
    ...(trace === undefined ? [] : traceRows(trace)),
  ];
}

function selectionRows({ whole, narrowed, heap }: SelectionCosts): Row[] {
  return [
    { what: 'call without a selection, µs CPU', value: rounded(whole.cpuPerRequest * 1000) },
    { what: '  with 200 selections in turn', value: rounded(narrowed.cpuPerRequest * 1000) },
    { what: '  live heap before, MB', value: rounded(heap.before, 1) },
    { what: '  live heap after, MB', value: rounded(heap.after, 1) },
  ];
}

function traceRows({ off, passedOn, spans }: TraceCosts): Row[] {
  return [
    { what: 'follow a trace, off, µs CPU', value: rounded(off, 2) },
    { what: '  passed on', value: rounded(passedOn, 2) },
    { what: '  six spans', value: rounded(spans, 1) },
  ];
}
