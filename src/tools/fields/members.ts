import { z } from 'zod';
import { trimmed } from '../../platform/exact.ts';

/** Ids of members have a least length as well. */
export const memberId = trimmed(z.string())
  .refine((id) => /^usr_\w{15,21}$/.test(id), 'must look like usr_71204418093056101')
  .describe('From list_workspace_members');
