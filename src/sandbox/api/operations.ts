import { environmentOperations } from './environments.ts';
import type { Operation } from './operation.ts';
import { organizationOperations } from './organizations.ts';
import { workspaceOperations } from './workspace.ts';

/** Every operation of the management API that this sandbox carries out. */
export const OPERATIONS: readonly Operation[] = [
  ...environmentOperations,
  ...organizationOperations,
  ...workspaceOperations,
];
