import type { Prompt, Skill } from '../core/content.ts';
import { debugSignIn } from './debug-sign-in.ts';
import { giveAgentAccess } from './give-agent-access.ts';
import { promptOf, skillOf } from './job.ts';
import { onboardEnterpriseCustomer } from './onboard-enterprise-customer.ts';
import { prepareProduction } from './prepare-production.ts';
import { protectMcpServer } from './protect-mcp-server.ts';
import { quickStarts } from './quick-starts.ts';
import { reviewAccess } from './review-access.ts';

const jobs = [
  onboardEnterpriseCustomer,
  protectMcpServer,
  reviewAccess,
  debugSignIn,
  giveAgentAccess,
  prepareProduction,
] as const;

/** The jobs that people can start, in the order in which clients show them. */
export const prompts: readonly Prompt[] = jobs.map(promptOf);

/** The same jobs as documents. */
export const jobSkills: readonly Skill[] = jobs.map(skillOf);

/** Every skill of this server. */
export const skills: readonly Skill[] = [...jobSkills, ...quickStarts];
