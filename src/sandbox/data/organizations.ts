import { OrganizationSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { complete } from '../contract/complete.ts';
import {
  DEVELOPMENT_ORGANIZATION_IDS as DEV,
  type EnvironmentName,
  PRODUCTION_ORGANIZATION_IDS as PRD,
} from './ids.ts';
import type { Organization } from './types.ts';

/** Customers of one environment, in the order of creation. */
export interface OrganizationsContent {
  readonly organizations: Organization[];
}

const LOGOS = 'https://cdn.harborlight.example/logos';

/** Longer than any layout expects and as long as the API allows: 200 characters. */
const LONGEST_NAME =
  'The Consolidated Northern Harbours, Inland Waterways, Bonded Warehouses and Cold Storage Operators Consortium of the Greater Baltic Region and Adjoining Territories, Section for Digital Freight Permit';

interface Customer {
  readonly name: string;
  readonly region?: 'US' | 'REGION_CODE_UNSPECIFIED';
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Features of the portal, those after a `-` switched off. No text: none was ever set. */
  readonly features?: string;
  readonly slug?: string;
  readonly logo?: string;
}

type Row = readonly [id: string, customer: Customer, created: string, updated?: string];

const TIDEWATER = {
  name: 'Tidewater Logistics',
  region: 'US',
  externalId: 'hl-1001',
  features: 'sso dir_sync',
  slug: 'tidewater',
  logo: 'tidewater.svg',
} as const;
const MERIDIAN = {
  name: 'Meridian Freight GmbH',
  externalId: 'hl-1003',
  metadata: { plan: 'business', seats: '120' },
  slug: 'meridian-freight',
};
const LAGERHAUS = {
  name: 'Lagerhaus Müller & Söhne',
  externalId: 'hl-1005',
  metadata: { plan: 'enterprise', data_residency: 'eu-central', seats: '95' },
  slug: 'lagerhaus-mueller',
};
const DRIFTWOOD = {
  name: 'Driftwood Imports',
  region: 'US',
  externalId: 'hl-1006',
  metadata: { plan: 'none', churned_on: '2025-10-31', churn_reason: 'moved to a competitor' },
  features: '-sso -dir_sync',
} as const;
const UMI = {
  name: '海運株式会社ウミネコ',
  region: 'US',
  externalId: 'hl-1007',
  metadata: { plan: 'business', locale: 'ja-JP' },
  features: 'sso -dir_sync',
  slug: 'umineko',
} as const;
const ANCHORAGE = {
  name: 'Anchorage Cold Chain',
  region: 'US',
  externalId: 'hl-1010',
  metadata: { plan: 'business', seats: '60', support_tier: 'gold' },
  features: '-sso dir_sync',
} as const;
const POLDER = {
  name: 'Polder & Dijk B.V.',
  externalId: 'hl-1004',
  metadata: { plan: 'trial', trial_ends: '2025-06-22' },
  features: '-sso -dir_sync',
};
const GRANARY = {
  name: 'Granary Wharf Storage',
  region: 'US',
  externalId: 'crm:0061x00000Qb7T2',
  metadata: { plan: 'trial', trial_ends: '2025-10-01', source: 'partner referral' },
  features: '',
} as const;
const CONSORTIUM = {
  name: LONGEST_NAME,
  externalId: 'hl-1009',
  metadata: { plan: 'enterprise', contract: 'framework agreement 2025/417' },
  features: 'sso dir_sync domain_verification',
  slug: 'consortium.north',
};
const SELF_SERVED = { metadata: { source: 'self-service' }, features: '' };

const tidewater = (seats: string) => ({
  ...TIDEWATER,
  metadata: { plan: 'enterprise', account_owner: 'mira.okafor', seats },
});

/** Customers as they look while Harborlight's engineers try things out: every state once. */
const DEVELOPMENT: readonly Row[] = [
  [DEV.tidewater, tidewater('480'), '2025-03-11T08:30:00Z', '2025-11-04T16:22:10Z'],
  [DEV.quayside, { name: 'Quayside Couriers', features: '' }, '2025-03-19T13:05:27Z'],
  [DEV.meridian, { ...MERIDIAN, features: 'sso -dir_sync' }, '2025-04-02T10:44:51Z', '2025-12-01T09:00:00Z'],
  [DEV.polder, POLDER, '2025-05-23T06:18:09Z'],
  [
    DEV.lagerhaus,
    { ...LAGERHAUS, features: 'sso dir_sync', logo: 'lagerhaus.png' },
    '2025-06-30T15:59:33Z',
    '2026-01-08T12:10:45Z',
  ],
  [DEV.driftwood, DRIFTWOOD, '2025-07-14T21:37:02Z', '2025-10-31T23:59:59Z'],
  [DEV.umi, UMI, '2025-08-05T02:20:16Z', '2025-09-17T04:41:00Z'],
  [DEV.granary, GRANARY, '2025-09-01T11:11:11Z'],
  [DEV.consortium, CONSORTIUM, '2025-09-29T07:02:58Z', '2025-12-15T18:26:37Z'],
  [DEV.anchorage, ANCHORAGE, '2025-10-20T19:48:40Z', '2025-11-22T08:15:03Z'],
  [DEV.bluefin, { ...SELF_SERVED, name: 'Bluefin Markets 🐟' }, '2025-11-27T14:33:21Z'],
  [
    DEV.ferrypoint,
    { name: 'Ferrypoint Terminals', region: 'REGION_CODE_UNSPECIFIED', externalId: 'hl-1012' },
    '2026-01-06T09:27:14Z',
  ],
  [DEV.samphire, { ...SELF_SERVED, name: 'Samphire Foods' }, '2026-01-19T16:04:55Z'],
];

/** The customers who pay. Where they exist in development too they share the external id, not the id. */
const PRODUCTION: readonly Row[] = [
  [PRD.tidewater, tidewater('512'), '2025-04-28T12:00:00Z', '2025-12-19T10:31:44Z'],
  [PRD.meridian, { ...MERIDIAN, features: '-sso -dir_sync' }, '2025-05-12T08:09:30Z'],
  [PRD.lagerhaus, { ...LAGERHAUS, features: 'sso -dir_sync' }, '2025-07-21T13:46:12Z', '2026-01-09T07:58:29Z'],
  [PRD.driftwood, DRIFTWOOD, '2025-08-01T17:20:00Z', '2025-10-31T23:59:59Z'],
  [PRD.umi, UMI, '2025-09-18T01:05:37Z'],
  [PRD.anchorage, ANCHORAGE, '2025-11-25T20:14:08Z'],
];

/** What each environment holds at start. */
export function seedOrganizations(environment: EnvironmentName): OrganizationsContent {
  return { organizations: (environment === 'development' ? DEVELOPMENT : PRODUCTION).map(toOrganization) };
}

function toOrganization([id, customer, create_time, update_time = create_time]: Row): Organization {
  const { name: display_name, region: region_code = 'EU', externalId: external_id, metadata, slug } = customer;
  const { features, logo } = customer;
  return complete(OrganizationSchema, {
    id,
    create_time,
    update_time,
    display_name,
    region_code,
    external_id,
    metadata,
    settings: features === undefined ? undefined : { features: toFeatures(features) },
    slug,
    logo_url: logo && `${LOGOS}/${logo}`,
  });
}

function toFeatures(features: string) {
  return features
    .split(' ')
    .filter(Boolean)
    .map((feature) => ({ name: feature.replace('-', ''), enabled: !feature.startsWith('-') }));
}
