import type { Tool } from '../tool/define-tool.ts';
import { environmentTools } from './environments.ts';
import { organizationTools } from './organizations.ts';
import { sessionTools } from './session.ts';

/** Every tool of this server, in the order in which clients see them. */
export const catalogue: readonly Tool[] = [...sessionTools, ...environmentTools, ...organizationTools];
