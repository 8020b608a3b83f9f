import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';

const ROOT = '/sys/fs/cgroup';

/** A control group of Linux, whose processes together get no more than so much memory. */
export interface ControlGroup {
  /** The command that starts another command inside the group. */
  readonly enter: readonly string[];
  /** How many of its processes the kernel has killed for their memory. */
  kills(): number;
  /** Removes it. All its processes must have ended. */
  remove(): void;
}

/**
 * Makes a control group, of version 2 where the memory controller is there, otherwise of version 1.
 * @param limit in bytes
 * @throws Error that says why there can be none; it needs root
 */
export function controlGroup(limit: number): ControlGroup {
  const isV2 = existsSync(`${ROOT}/cgroup.controllers`);
  const folder = `${isV2 ? ROOT : `${ROOT}/memory`}/scalekit-mcp-${process.pid}`;
  try {
    if (isV2) writeFileSync(`${ROOT}/cgroup.subtree_control`, '+memory');
    mkdirSync(folder);
    writeFileSync(`${folder}/${isV2 ? 'memory.max' : 'memory.limit_in_bytes'}`, String(limit));
  } catch (error) {
    const message = `A control group with a limit of memory cannot be made here, so nothing was tested. It needs root, and ${ROOT} must be writable.`;
    throw new Error(message, { cause: error });
  }
  const events = `${folder}/${isV2 ? 'memory.events' : 'memory.oom_control'}`;
  return {
    enter: ['sh', '-c', `echo $$ >${folder}/cgroup.procs && exec "$@"`, 'sh'],
    kills: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(events, 'utf8'))?.[1] ?? Number.NaN),
    remove: () => rmdirSync(folder),
  };
}
