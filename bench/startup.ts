import { relative } from 'node:path';
import { startProcess } from './processes.ts';
import { liveEnvironment } from './stage.ts';
import { median } from './statistics.ts';

/** What a start costs, from that of the process to the line that says it is ready: medians, in milliseconds. */
export interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export interface Startup {
  /** In production, with a Scalekit that is running already. */
  readonly live: Start;
  /** The same of another build, started in turn with this one. */
  readonly before?: Start;
  /** With the embedded sandbox. */
  readonly sandbox: Start;
}

/**
 * Measures starts.
 * @param before the folder of another build, to compare with
 */
export async function measureStartup(times: number, before?: string): Promise<Startup> {
  const scalekit = await startProcess('bench/sandbox.ts', { place: 'beside' });
  const scripts = [BUILT, ...(before === undefined ? [] : [`${relative('', before)}/${BUILT}`])];
  const [live, other] = await startsOf(scripts, times, liveEnvironment(scalekit));
  await scalekit.stop();
  const env = { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: '/dev/null' };
  const [sandbox] = await startsOf([BUILT], Math.ceil(times / 2), env);
  return { live: live as Start, ...(other && { before: other }), sandbox: sandbox as Start };
}

const BUILT = 'dist/main.js';

/** Starts programs in turn, so that whatever else the machine does slows all of them down. */
async function startsOf(scripts: readonly string[], times: number, env: Record<string, string>): Promise<Start[]> {
  const starts = scripts.map((script) => ({ script, wallMs: [] as number[], cpuMs: [] as number[] }));
  for (let i = 0; i < times; i++) {
    for (const { script, wallMs, cpuMs } of i % 2 === 0 ? starts : starts.toReversed()) {
      const server = await startProcess(script, { env });
      cpuMs.push(server.cpuMs());
      wallMs.push(server.readyMs);
      await server.stop();
    }
  }
  return starts.map(({ wallMs, cpuMs }) => ({ wallMs: median(wallMs), cpuMs: median(cpuMs) }));
}
