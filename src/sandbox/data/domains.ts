import { createHash } from 'node:crypto';
import { DomainSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import { complete } from '../contract/complete.ts';
import type { Draft } from '../contract/json.ts';
import { DEVELOPMENT_DOMAIN_IDS, DEVELOPMENT_ORGANIZATION_IDS, ENVIRONMENT_IDS, type EnvironmentName } from './ids.ts';
import type { Domain } from './types.ts';

/** Domains of the organizations of one environment, in the order of creation. */
export interface DomainsContent {
  readonly domains: Domain[];
}

/** A new domain, with the DNS record that proves whose it is where that has to be proved. */
export function newDomain(facts: Draft<Domain> & { readonly id: string; readonly domain: string }): Domain {
  const isForSso = facts.domain_type === 'ORGANIZATION_DOMAIN';
  const mark = createHash('sha256').update(facts.id).digest('hex').slice(0, 16);
  const proof = {
    txt_record_key: `_scalekit_dm.${facts.domain}`,
    txt_record_secret: `scalekit-domain-verification-${mark}`,
    verification_status: 'PENDING',
    verification_method: 'DNS',
  };
  // Inferred from what the descriptor says of the method: there is nothing to prove for domains of the other type.
  const none = { verification_status: 'AUTO_VERIFIED', verification_method: 'NOT_APPLICABLE' };
  return complete(DomainSchema, { update_time: facts.create_time, ...(isForSso ? proof : none), ...facts });
}

const IDS = DEVELOPMENT_DOMAIN_IDS;
type Name = keyof typeof IDS;
type Row = readonly [
  name: Name,
  organization: keyof typeof DEVELOPMENT_ORGANIZATION_IDS,
  domain: string,
  state: string,
];

const ROWS: readonly Row[] = [
  ['tidewater', 'tidewater', 'tidewater.example', 'VERIFIED'],
  ['tidewaterOld', 'tidewater', 'tidewater-freight.example', 'VERIFIED'],
  ['meridian', 'meridian', 'meridian-freight.example', 'PENDING'],
  ['lagerhaus', 'lagerhaus', 'lagerhaus.example', 'VERIFIED'],
  ['lagerhausShop', 'lagerhaus', 'shop.lagerhaus.example', 'VERIFIED'],
  ['umi', 'umi', 'unpublished.umineko.example', 'FAILED'],
  ['polder', 'polder', 'polder.example', 'VERIFIED'],
  ['polderStaff', 'polder', 'staff.polder.example', 'AUTO_VERIFIED'],
];

const IN_DEVELOPMENT = new Map(
  ROWS.map(([name, organization, domain, verification_status]) => {
    const isOffered = verification_status === 'AUTO_VERIFIED';
    const facts = {
      id: IDS[name],
      domain,
      environment_id: ENVIRONMENT_IDS.development,
      organization_id: DEVELOPMENT_ORGANIZATION_IDS[organization],
      create_time: '2025-03-11T09:00:00Z',
      update_time: '2025-03-12T09:00:00Z',
      domain_type: isOffered ? 'ALLOWED_EMAIL_DOMAIN' : 'ORGANIZATION_DOMAIN',
      verification_status,
    };
    return [name, newDomain(facts)] as const;
  }),
);

/** A domain of the seed data, as its connection holds it. */
export function seedDomain(name: Name): Domain {
  return IN_DEVELOPMENT.get(name) as Domain;
}

/** What each environment holds at start. */
export function seedDomains(environment: EnvironmentName): DomainsContent {
  return { domains: environment === 'development' ? [...IN_DEVELOPMENT.values()] : [] };
}
