import type { AddCommand } from '../command.ts';
import { addAudit } from './audit.ts';
import { addCall } from './call.ts';
import { addCompletion } from './completion.ts';
import { addDoctor } from './doctor.ts';
import { addInstall, addUninstall } from './install.ts';
import { addServe } from './serve.ts';
import { addLogin, addLogout, addWhoami } from './signing-in.ts';
import { addStdio } from './stdio.ts';
import { addTools } from './tools.ts';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly AddCommand[] = [
  addServe,
  addStdio,
  addTools,
  addCall,
  addInstall,
  addUninstall,
  addDoctor,
  addLogin,
  addLogout,
  addWhoami,
  addAudit,
  addCompletion,
];
