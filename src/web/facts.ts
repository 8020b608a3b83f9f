import type { Health, ServiceHealth } from '../core/health.ts';
import { type Front, offeredBy } from './front.ts';

/** What this server is, in two sentences. */
export function whatItIs({ whole: { realm }, whole }: Pick<Front, 'whole'>): string {
  const does = `This server gives assistants ${offeredBy(whole).length} tools for environments, organizations, users, single sign-on, roles, MCP servers and agent access, over the Model Context Protocol.`;
  if (realm.sandbox === true) {
    return `${does} It runs on a sandbox: made-up people and data, and no account is needed. Nothing that you do here reaches anybody.`;
  }
  return realm.mode === 'workspace'
    ? `${does} You sign in with your Scalekit account, and it can do no more than you can.`
    : `${does} It acts in one environment, ${realm.environmentUrl}, for the people who are admitted there.`;
}

const SERVICES: Readonly<Record<keyof Health['services'], string>> = {
  mcp_server: 'This server',
  oauth_server: 'Sign-in',
  management_api: 'Scalekit’s management API',
};
const STATES: Readonly<Record<ServiceHealth, string>> = {
  healthy: 'works',
  degraded: 'works in part',
  unhealthy: 'does not answer',
  unknown: 'not used yet',
};

/** The services by the names that people know, each with how it is. */
export function statesOf({
  services,
}: Health): readonly (readonly [name: string, state: ServiceHealth, words: string])[] {
  return Object.entries(services).map(([service, state]) => [
    SERVICES[service as keyof typeof SERVICES],
    state,
    STATES[state],
  ]);
}
