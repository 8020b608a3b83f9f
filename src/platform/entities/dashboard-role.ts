import { z } from 'zod';

/** A role in the dashboard by its names. */
export const NamedRole = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  display_name: z.string().nullish(),
});

/** What somebody of the workspace may do in its dashboard (`scalekit.v1.members.DashboardRole`). */
export const DashboardRole = NamedRole.extend({
  id: z.string(),
  description: z.string().nullish(),
  is_fixed: z.boolean().nullish().describe('One of admin, developer, member and no_access, which nobody changes'),
  permissions: z.array(z.string()).nullish(),
});

/** What such a role can hold (`scalekit.v1.members.DashboardPermission`). */
export const DashboardPermission = z.object({
  key: z.string(),
  group: z.string().nullish(),
  tier: z.string().nullish().describe('workspace, or environment: a role in one environment can give it there'),
  description: z.string().nullish(),
  sensitive: z.boolean().nullish().describe('Destroys, shows or runs credentials, spends money, or gives access'),
});

/** The role that somebody has in one environment (`scalekit.v1.members.DashboardMemberEnvironmentRole`). */
export const EnvironmentRole = z.object({
  environment_id: z.string(),
  environment_name: z.string().nullish(),
  effective_role: NamedRole.nullish().describe('Left out: none'),
  is_override: z.boolean().nullish().describe('true: of this environment alone; else it is that of the workspace'),
});
