import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isObject, parseJson } from './json.ts';

/** The process that holds a lock, as the lock says. */
export interface Holder {
  readonly pid: number;
  /** When the process began, in the system's own unit; undefined where the system does not say. */
  readonly started: string | undefined;
  /** Where this process id means something: the machine since its last start, and the container. */
  readonly place: string;
}

/** This process as the holder of a lock. */
export function thisProcess(): Holder {
  return { pid: process.pid, started: startOf(process.pid), place: PLACE };
}

export function readHolder(text: string): Holder | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const { pid, started, place } = value;
  if (!Number.isSafeInteger(pid) || typeof place !== 'string') return undefined;
  return { pid: Number(pid), started: typeof started === 'string' ? started : undefined, place };
}

/**
 * Whether the holder of a lock is still running. A process id alone does not say: another process may have it by now.
 * @returns undefined when it cannot be told from here, as for a process of another machine or container
 */
export function isRunning({ pid, started, place }: Holder): boolean | undefined {
  if (place !== PLACE) return undefined;
  if (started !== undefined) return startOf(pid) === started;
  return isAlive(pid) ? undefined : false;
}

const PLACE = [hostname(), machineStart(), container()].join(' ');

function machineStart(): string {
  return orUnknown(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
}

/** The namespace of process ids. */
function container(): string {
  return orUnknown(() => readlinkSync('/proc/self/ns/pid'));
}

/** When a process began, on Linux (proc_pid_stat(5), field 22); undefined if it is not running. */
function startOf(pid: number): string | undefined {
  const stat = orUnknown(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name of the program, in parentheses, may contain anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A process that has ended keeps its entry until its parent has asked for the exit code.
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function orUnknown(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
