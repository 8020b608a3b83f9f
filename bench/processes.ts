import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Clock ticks per second in /proc (`getconf CLK_TCK`). */
const TICKS = 100;

/** A process under measurement, on a core of its own where the machine allows it. */
export interface Measured {
  readonly url: string;
  /** Milliseconds from its start until it said that it was ready. */
  readonly readyMs: number;
  /** CPU time that it has used so far, in milliseconds. */
  cpuMs(): number;
  /** The most memory that it has held so far, in megabytes. */
  peakMb(): number;
  stop(): void;
}

/** Starts a script that prints a line of JSON with `event: "ready"` and its `url`. */
export async function measured(script: string, env: Record<string, string> = {}): Promise<Measured> {
  const started = performance.now();
  const [command, ...args] = [...pinned(), process.execPath, `${ROOT}/${script}`];
  const child = spawn(String(command), args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await ready(child);
  const readyMs = performance.now() - started;
  child.stdout?.resume();
  const proc = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
  return {
    url,
    readyMs,
    cpuMs: () => {
      const fields = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
    },
    peakMb: () => Number(/VmHWM:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    stop: () => child.kill('SIGKILL'),
  };
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((entry) => entry.includes('"event":"ready"'));
      if (line !== undefined) resolve(JSON.parse(line).url);
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${text}`)));
  });
}

/** The measured process gets the first core; what loads it stays on the others. */
function pinned(): string[] {
  try {
    if (cpus().length < 2) return [];
    execFileSync('taskset', ['-cp', `1-${cpus().length - 1}`, String(process.pid)], { stdio: 'ignore' });
    return ['taskset', '-c', '0'];
  } catch {
    return [];
  }
}
