import { homedir } from 'node:os';
import { processVariables } from '../config/environment.ts';
import { type Machine, machineOf } from '../install/machine.ts';

/** The machine that this process runs on, with the working folder as its project. */
export function thisMachine(): Machine {
  const variables = processVariables();
  return machineOf({ platform: process.platform, home: homedir(), project: process.cwd(), variables });
}
