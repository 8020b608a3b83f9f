import { startProcess } from './processes.ts';
import { liveEnvironment } from './stage.ts';
import { median } from './statistics.ts';

/** Median time from the start of the process to the line that says it is ready, in milliseconds. */
export interface Startup {
  /** In production, with a Scalekit that is running already. */
  readonly live: number;
  /** With the embedded sandbox. */
  readonly sandbox: number;
}

export async function measureStartup(times: number): Promise<Startup> {
  const scalekit = await startProcess('bench/sandbox.ts', { place: 'beside' });
  const live = await medianOf(times, liveEnvironment(scalekit));
  await scalekit.stop();
  const sandbox = await medianOf(Math.ceil(times / 2), { PORT: '0', SANDBOX_PORT: '0', AUDIT_LOG: '/dev/null' });
  return { live, sandbox };
}

async function medianOf(times: number, env: Record<string, string>): Promise<number> {
  const starts: number[] = [];
  for (let i = 0; i < times; i++) {
    const server = await startProcess('dist/main.js', { env });
    starts.push(server.readyMs);
    await server.stop();
  }
  return median(starts);
}
