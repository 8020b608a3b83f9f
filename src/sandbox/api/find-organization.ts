import type { Organization } from '../data/types.ts';
import { ApiError } from './api-error.ts';

/** @throws ApiError when the environment has no such organization */
export function findOrganization(
  { organizations }: { readonly organizations: readonly Organization[] },
  wanted: string,
): Organization {
  const organization = organizations.find(({ id }) => id === wanted);
  if (organization === undefined) throw new ApiError('NOT_FOUND', 'organization not found');
  return organization;
}
