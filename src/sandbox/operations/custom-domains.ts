import { EnvironmentService } from '../contract/published/environments.ts';
import type { Environment } from '../data/types.ts';
import { ApiError, byId, invalid, refuseTaken } from '../gateway/api-error.ts';
import { workspaceOperations } from '../gateway/operation.ts';
import { now, replace } from './parts.ts';

export const customDomainsOperations = workspaceOperations(EnvironmentService, {
  getRequiredDNSRecords: ({ request, store }) => {
    const { domain } = byId(store.environments, request.id, 'environment');
    const { custom_domain } = request;
    requireHost(custom_domain);
    return {
      dns_records: [
        { host_name: custom_domain, type: 'CNAME', value: domain },
        { host_name: `_scalekit.${custom_domain}`, type: 'TXT', value: `scalekit-verification=${request.id}` },
      ],
    };
  },

  verifyDNSRecords: ({ request, store }) => {
    byId(store.environments, request.id, 'environment');
    requireHost(request.custom_domain);
    if (isPublished(request.custom_domain)) return {};
    throw new ApiError('FAILED_PRECONDITION', 'the DNS records were not found');
  },

  // Inferred: another custom domain takes the place of the one that is there.
  createCustomDomain: ({ request, store }) => {
    const before = byId(store.environments, request.id, 'environment');
    const { custom_domain } = request;
    requireHost(custom_domain);
    const others = store.environments.filter(({ id }) => id !== before.id);
    refuseTaken(others, (other) => other.custom_domain === custom_domain, 'this custom domain');
    return { environment: changed(store.environments, before, { custom_domain, custom_domain_status: 'PENDING' }) };
  },

  checkCustomDomainStatus: ({ request, store }) => {
    const environment = byId(store.environments, request.id, 'environment');
    const { custom_domain, custom_domain_status } = environment;
    if (custom_domain === undefined || custom_domain_status === 'ACTIVE') return { environment };
    const status = isPublished(custom_domain) ? 'ACTIVE' : 'FAILED';
    return { environment: changed(store.environments, environment, { custom_domain_status: status }) };
  },
});

function changed(all: Environment[], before: Environment, changes: Partial<Environment>): Environment {
  return replace(all, before, { ...before, ...changes, update_time: now() });
}

/** Every DNS record of the sandbox is there, but for hosts that begin with `unpublished`. */
function isPublished(host: string): boolean {
  return !host.startsWith('unpublished.');
}

function requireHost(host: string): void {
  if (/^(?:[a-z0-9-]{1,63}\.){2,}[a-z]{2,63}$/i.test(host)) return;
  throw invalid({ field: 'custom_domain', description: 'must be a valid subdomain', constraint: 'string.hostname' });
}
