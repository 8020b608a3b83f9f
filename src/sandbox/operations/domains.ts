import { DomainService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import { newDomain } from '../data/domains.ts';
import type { Connection, Domain } from '../data/types.ts';
import { ApiError, byId, findIn, invalid, refuseTaken } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import type { EnvironmentContent } from '../store.ts';
import { given, now, remove, replace } from './parts.ts';

/** Documented: 30 unless told otherwise, and at most 100. */
const [DEFAULT_PAGE, MAX_PAGE] = [30, 100];

/** Documented: domains of the public and throw-away ones are blocked. */
const PUBLIC = ['gmail.com', 'outlook.com', 'yahoo.com', 'mailinator.com'];

interface Identities {
  readonly organization_id?: string | undefined;
  readonly external_id?: string | undefined;
}

export const domainsOperations = operations(DomainService, {
  listDomains: ({ request, content }) => {
    const { connection_id: connectionId, include = '', domain_type: type } = request;
    const size = request.page_size ?? DEFAULT_PAGE;
    const number = request.page_number ?? 0;
    refusePage(size, number);
    const { id } = organizationOf(content, request);
    const matching = content.domains.filter(
      (domain) =>
        domain.organization_id === id &&
        (type === 'DOMAIN_TYPE_UNSPECIFIED' || domain.domain_type === type) &&
        (connectionId === undefined || connectionsOf(content, domain).some((one) => one.id === connectionId)),
    );
    const domains = matching.slice(number * size, (number + 1) * size);
    const isWhole = include.split(',').includes('verification_details');
    return { page_size: size, page_number: number, domains: isWhole ? domains : domains.map(withoutRecord) };
  },

  getDomain: ({ request, content }) => ({ domain: domainOf(content, request, request.id) }),

  createDomain: ({ request, environment, content, store }) => {
    const { id: organization_id } = organizationOf(content, request);
    const { domain, domain_type } = given(request.domain);
    const connection = request.connection_id === undefined ? undefined : connectionOf(content, request.connection_id);
    refuseOtherThanBusiness(domain);
    refuseTaken(content.domains, (one) => one.domain === domain, 'a domain of this name');
    const created = newDomain({
      id: store.newId('dom'),
      domain,
      environment_id: environment.id,
      organization_id,
      create_time: now(),
      // Seen in the live tests of Scalekit's SDK: without a type it is this one.
      domain_type: domain_type === 'DOMAIN_TYPE_UNSPECIFIED' ? 'ORGANIZATION_DOMAIN' : domain_type,
    });
    content.domains.push(created);
    if (connection !== undefined) assign(content, connection, created);
    return { domain: created };
  },

  // Documented: nothing of a domain can be changed but the connection that it belongs to.
  updateDomain: ({ request, content }) => {
    const before = domainOf(content, request, request.id);
    const { connection_id: connectionId } = request;
    if (connectionId === undefined) return { domain: before };
    const connection = connectionOf(content, connectionId);
    const after = keep(content, before, { ...before, update_time: now() });
    assign(content, connection, after);
    return { domain: after };
  },

  /** Every DNS record of the sandbox is there, but for hosts that begin with `unpublished`. */
  verifyDomain: ({ request, content }) => {
    const before = domainOf(content, request, request.id);
    const isKnown = ['VERIFIED', 'AUTO_VERIFIED'].includes(before.verification_status);
    if (isKnown || before.domain.startsWith('unpublished.')) return { verified: isKnown };
    keep(content, before, { ...before, verification_status: 'VERIFIED', update_time: now() });
    return { verified: true };
  },

  deleteDomain: ({ request, content }) => {
    const domain = domainOf(content, request, request.id);
    const holders = connectionsOf(content, domain);
    const { connection_id: connectionId } = request;
    if (connectionId !== undefined) byId(holders, connectionId, 'connection');
    for (const connection of holders) {
      const domains = connection.domains.filter(({ id }) => id !== domain.id);
      replace(content.ssoConnections, connection, { ...connection, domains });
    }
    return remove(content.domains, domain);
  },
});

function organizationOf({ organizations }: EnvironmentContent, { organization_id, external_id }: Identities) {
  const isSought = (one: { readonly id: string; readonly external_id?: string | undefined }) =>
    external_id === undefined ? one.id === organization_id : one.external_id === external_id;
  return findIn(organizations, isSought, 'organization');
}

function domainOf(content: EnvironmentContent, whose: Identities, id: string): Domain {
  const { id: organizationId } = organizationOf(content, whose);
  const own = content.domains.filter(({ organization_id }) => organization_id === organizationId);
  return byId(own, id, 'domain');
}

function connectionOf({ ssoConnections }: EnvironmentContent, id: string): Connection {
  return byId(ssoConnections, id, 'connection');
}

/** The connections that a domain leads to. */
function connectionsOf({ ssoConnections }: EnvironmentContent, { id }: Domain): Connection[] {
  return ssoConnections.filter(({ domains }) => domains.some((domain) => domain.id === id));
}

/** Lets a domain lead to one connection, and to no other any more. */
function assign(content: EnvironmentContent, wanted: Connection, domain: Domain): void {
  for (const connection of content.ssoConnections) {
    const others = connection.domains.filter(({ id }) => id !== domain.id);
    const domains = connection.id === wanted.id ? [...others, domain] : others;
    replace(content.ssoConnections, connection, { ...connection, domains });
  }
}

/** Changes a domain, wherever it is shown. */
function keep(content: EnvironmentContent, before: Domain, after: Domain): Domain {
  for (const connection of connectionsOf(content, before)) {
    const domains = connection.domains.map((domain) => (domain.id === before.id ? after : domain));
    replace(content.ssoConnections, connection, { ...connection, domains });
  }
  return replace(content.domains, before, after);
}

/** Inferred: documented is that `verification_details` is to be asked for where lists are to have them. */
function withoutRecord({ txt_record_key: _, txt_record_secret: __, ...domain }: Domain) {
  return domain;
}

/** Seen in the live tests of Scalekit's SDK: the code of the refusal. */
function refuseOtherThanBusiness(domain: string): void {
  if (PUBLIC.includes(domain)) {
    const message = 'public and disposable email domains are not allowed';
    throw new ApiError('INVALID_ARGUMENT', message, { error_code: 'DISPOSABLE_OR_PUBLIC_EMAIL' });
  }
  if (/^[^\s@/:]+\.[^\s@/:.]+$/.test(domain)) return;
  throw invalid({ field: 'domain.domain', description: 'must be a valid domain', constraint: 'string.hostname' });
}

function refusePage(size: number, number: number): void {
  const broken = size < 1 || size > MAX_PAGE ? 'page_size' : number < 0 ? 'page_number' : undefined;
  if (broken === undefined) return;
  throw invalid({ field: broken, description: 'value is out of range', constraint: 'int32.gte_lte' });
}
