import type { AddCommand } from '../command.ts';
import { addAudit } from './audit.ts';
import { addInstall, addUninstall } from './install.ts';
import { addServe } from './serve.ts';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly AddCommand[] = [addServe, addInstall, addUninstall, addAudit];
