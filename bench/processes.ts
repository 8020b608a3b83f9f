import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const PAGE_BYTES = 4096;

export interface ProcessOptions {
  /** Its environment variables, in addition to PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** A module that it loads first. */
  readonly preload?: string;
  /**
   * `alone` (default): on the first core, where nothing else of a measurement runs. `beside`: where this process runs.
   * `anywhere`: on all cores.
   */
  readonly place?: 'alone' | 'beside' | 'anywhere';
  /** A command that starts it. */
  readonly through?: readonly string[];
  /** Called with each line that it prints. */
  readonly onLine?: (line: string) => void;
}

/** A process that is measured, or that a measurement needs. */
export interface Measured {
  readonly pid: number;
  readonly url: string;
  /** The line that said it was ready, parsed. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Milliseconds from its start to the line that says it is ready. */
  readonly readyMs: number;
  /** CPU time that it and its children have used so far, in milliseconds. */
  cpuMs(): number;
  /** How long it has waited for a core so far, in milliseconds; 0 on a machine without other work. */
  waitedMs(): number;
  /** Its resident memory now, in megabytes. */
  residentMb(): number;
  /** Its highest resident memory so far, in megabytes. */
  peakMb(): number;
  /** Sends a question to the script or its preloaded module over IPC, and resolves to the answer. */
  ask<T>(question: string, value?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** The processes that are running. When this process ends, they are killed. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/**
 * Starts a script that prints a line of JSON with `event: "ready"` and its `url`. TypeScript is run without a build.
 */
export async function startProcess(script: string, options: ProcessOptions = {}): Promise<Measured> {
  const { env = {}, preload, place = 'alone', through = [], onLine = () => undefined } = options;
  const address = await addressOf(env);
  const started = performance.now();
  const flags = [...(script.endsWith('.ts') ? ['tsx'] : []), ...(preload === undefined ? [] : [`${ROOT}/${preload}`])];
  const [command, ...args] = [
    ...through,
    ...pinnedTo(place),
    process.execPath,
    ...flags.flatMap((module) => ['--import', module]),
    `${ROOT}/${script}`,
  ];
  const child = spawn(String(command), args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env, ...address },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const ready = await readyLine(child, onLine);
  const readyMs = performance.now() - started;
  child.removeAllListeners('exit').once('exit', (code, signal) => {
    console.error(`${script} has ended in the middle of it all: ${code ?? signal}.`);
    process.exit(1);
  });
  const { pid = 0 } = child;
  const proc = (file: string, of: number = pid) => readFileSync(`/proc/${of}/${file}`, 'utf8');
  return {
    pid,
    url: String(ready['url']),
    ready,
    readyMs,
    cpuMs: () => [pid, ...childrenOf(pid)].reduce((sum, of) => sum + cpuMsOf(of), 0),
    waitedMs: () => Number(proc('schedstat').split(' ')[1]) / 1e6,
    residentMb: () => (Number(proc('statm').split(' ')[1]) * PAGE_BYTES) / 1024 ** 2,
    peakMb: () => Number(/VmHWM:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    ask: (question, value) => ask(child, question, value),
    stop: () => stop(child),
  };
}

/** A server in production must be told its URL, so the port that it would choose is chosen before it starts. */
async function addressOf({ NODE_ENV, PORT }: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  if (NODE_ENV !== 'production' || PORT !== '0') return {};
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
}

/**
 * The CPU time of all threads of a process, in milliseconds. Read from `schedstat`, which is more precise than clock
 * ticks.
 */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const used = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1);
    return sum + Number(used[0]) / 1e6;
  }, 0);
}

/** The child processes of a process; empty if the kernel does not provide them. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

function readyLine(child: ChildProcess, onLine: (line: string) => void): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const early: string[] = [];
    let isReady = false;
    if (child.stdout === null) throw new Error('Its output is not read.');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (isReady) return onLine(line);
      early.push(line);
      if (!line.includes('"event":"ready"')) return;
      isReady = true;
      resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${early.join('\n')}`)));
  });
}

let questions = 0;

function ask<T>(child: ChildProcess, question: string, value: unknown): Promise<T> {
  const id = ++questions;
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      const { id: answered, answer } = message as { id: number; answer: T };
      if (answered !== id) return;
      child.off('message', onMessage);
      resolve(answer);
    };
    child.on('message', onMessage);
    child.send({ id, question, value }, (error) => error && reject(error));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.removeAllListeners('exit').once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Whether processes can be bound to cores on this machine, and it has more than one. */
export const canPin = cpus().length > 1 && succeeds('taskset', '-cp', String(process.pid));

/**
 * Binds this process, and those that it starts `beside`, to all cores except the first (or, with false, to all cores).
 */
export function standAside(aside = true): void {
  if (canPin) succeeds('taskset', '-acp', `${aside ? 1 : 0}-${cpus().length - 1}`, String(process.pid));
}

function pinnedTo(place: NonNullable<ProcessOptions['place']>): string[] {
  if (!canPin || place === 'beside') return [];
  return ['taskset', '-c', place === 'alone' ? '0' : `0-${cpus().length - 1}`];
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
