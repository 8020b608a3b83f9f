import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { processVariables } from '../config/environment.ts';
import { type Machine, machineOf } from '../install/machine.ts';

/**
 * The machine that this process runs on.
 * @param project the folder of the project at hand; the working folder without it
 */
export function thisMachine(project = '.'): Machine {
  const [variables, working] = [processVariables(), process.cwd()];
  return machineOf({ platform: process.platform, home: homedir(), project: resolve(project), working, variables });
}
