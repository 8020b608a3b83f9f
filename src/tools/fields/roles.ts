import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';
import { limited, shownName } from './texts.ts';

const NAME = /^\w{1,64}$/;
const WRONG_NAME = 'must be 1 to 64 letters, digits and underscores';

/** The name of a role that is there. */
export function heldRoleName() {
  return trimmed(z.string()).refine((name) => NAME.test(name), WRONG_NAME);
}

/** The same, with where it is from. */
export function roleNameFrom(tool: string) {
  return heldRoleName().describe(`Name from ${tool}`);
}

/** The name of a permission. */
export const permissionName = z
  .string()
  .trim()
  .refine((name) => /^[\w:]{1,64}$/.test(name), 'must be 1 to 64 letters, digits, underscores and colons');

/** A description in the place of another. The API cannot take one away. */
export const changedDescription = limited(
  z
    .string()
    .trim()
    .refine((text) => text !== '', 'must not be empty'),
  2000,
);

/** The arguments of tools that create roles. */
export const newRoleInput = {
  roleName: z.string().trim().regex(NAME, WRONG_NAME).describe('1 to 64 letters, digits and _'),
  displayName: shownName(100),
  description: z.string().max(2000).optional(),
  extends: z
    .string()
    .trim()
    .refine((name) => NAME.test(name), WRONG_NAME)
    .optional(),
  permissions: z.array(permissionName).max(100).optional().describe('Names from list_permissions'),
};

/**
 * The arguments of tools that change roles.
 * @param list the tool that lists what roles can extend
 */
export function changedRoleInput(list: string) {
  return {
    displayName: shownName(100).optional(),
    description: changedDescription.optional(),
    extends: trimmed(z.string())
      .refine((name) => name === '' || NAME.test(name), WRONG_NAME)
      .optional()
      .describe(`Name from ${list}, whose permissions it has too; empty: none, in a call of its own`),
    permissions: z
      .array(permissionName)
      .min(1)
      .max(100)
      .optional()
      .describe('All that it has by itself: names from list_permissions'),
  };
}
