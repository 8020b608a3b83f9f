import { OrganizationSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { complete } from '../contract/complete.ts';
import { type EnvironmentName, type OrganizationName as Name, ORGANIZATION_IDS } from './ids.ts';
import type { Organization } from './types.ts';

/** Customers of one environment, in the order of creation. */
export interface OrganizationsContent {
  readonly organizations: Organization[];
}

const LOGOS = 'https://cdn.harborlight.example/logos';

/** Longer than any layout expects and as long as the API allows: 200 characters. */
const LONGEST_NAME =
  'The Consolidated Northern Harbours, Inland Waterways, Bonded Warehouses and Cold Storage Operators Consortium of the Greater Baltic Region and Adjoining Territories, Section for Digital Freight Permit';

type Customer = readonly [name: string, region: string, externalId?: string, slug?: string];

const CUSTOMERS: Readonly<Record<Name, Customer>> = {
  tidewater: ['Tidewater Logistics', 'US', 'hl-1001', 'tidewater'],
  quayside: ['Quayside Couriers', 'EU'],
  meridian: ['Meridian Freight GmbH', 'EU', 'hl-1003', 'meridian-freight'],
  polder: ['Polder & Dijk B.V.', 'EU', 'hl-1004'],
  lagerhaus: ['Lagerhaus Müller & Söhne', 'EU', 'hl-1005', 'lagerhaus-mueller'],
  driftwood: ['Driftwood Imports', 'US', 'hl-1006'],
  umi: ['海運株式会社ウミネコ', 'US', 'hl-1007', 'umineko'],
  granary: ['Granary Wharf Storage', 'US', 'crm:0061x00000Qb7T2'],
  consortium: [LONGEST_NAME, 'EU', 'hl-1009', 'consortium.north'],
  anchorage: ['Anchorage Cold Chain', 'US', 'hl-1010'],
  bluefin: ['Bluefin Markets 🐟', 'EU'],
  ferrypoint: ['Ferrypoint Terminals', 'REGION_CODE_UNSPECIFIED', 'hl-1012'],
  samphire: ['Samphire Foods', 'EU'],
};

type Metadata = Readonly<Record<string, string>>;

const METADATA: Readonly<Partial<Record<Name, Metadata>>> = {
  tidewater: { plan: 'enterprise', account_owner: 'mira.okafor' },
  meridian: { plan: 'business', seats: '120' },
  polder: { plan: 'trial', trial_ends: '2025-06-22' },
  lagerhaus: { plan: 'enterprise', data_residency: 'eu-central', seats: '95' },
  driftwood: { plan: 'none', churned_on: '2025-10-31', churn_reason: 'moved to a competitor' },
  umi: { plan: 'business', locale: 'ja-JP' },
  granary: { plan: 'trial', trial_ends: '2025-10-01', source: 'partner referral' },
  consortium: { plan: 'enterprise', contract: 'framework agreement 2025/417' },
  anchorage: { plan: 'business', seats: '60', support_tier: 'gold' },
  bluefin: { source: 'self-service' },
  samphire: { source: 'self-service' },
};

/**
 * A customer in one environment. Features are those of the portal, switched off after a `-`; `undefined` when none was
 * ever set.
 */
type Row = readonly [
  customer: Name,
  features: string | undefined,
  created: string,
  updated?: string,
  logo?: string,
  metadata?: Metadata,
];

const ROWS: Readonly<Record<EnvironmentName, readonly Row[]>> = {
  /** Customers as they look while Harborlight's engineers try things out: every state once. */
  development: [
    ['tidewater', 'sso dir_sync', '2025-03-11T08:30:00Z', '2025-11-04T16:22:10Z', 'tidewater.svg', { seats: '480' }],
    ['quayside', '', '2025-03-19T13:05:27Z'],
    ['meridian', 'sso -dir_sync', '2025-04-02T10:44:51Z', '2025-12-01T09:00:00Z'],
    ['polder', '-sso -dir_sync', '2025-05-23T06:18:09Z'],
    ['lagerhaus', 'sso dir_sync', '2025-06-30T15:59:33Z', '2026-01-08T12:10:45Z', 'lagerhaus.png'],
    ['driftwood', '-sso -dir_sync', '2025-07-14T21:37:02Z', '2025-10-31T23:59:59Z'],
    ['umi', 'sso -dir_sync', '2025-08-05T02:20:16Z', '2025-09-17T04:41:00Z'],
    ['granary', '', '2025-09-01T11:11:11Z'],
    ['consortium', 'sso dir_sync domain_verification', '2025-09-29T07:02:58Z', '2025-12-15T18:26:37Z'],
    ['anchorage', '-sso dir_sync', '2025-10-20T19:48:40Z', '2025-11-22T08:15:03Z'],
    ['bluefin', '', '2025-11-27T14:33:21Z'],
    ['ferrypoint', undefined, '2026-01-06T09:27:14Z'],
    ['samphire', '', '2026-01-19T16:04:55Z'],
  ],
  /** The customers who pay. Where they exist in development too they share the external id, not the id. */
  production: [
    ['tidewater', 'sso dir_sync', '2025-04-28T12:00:00Z', '2025-12-19T10:31:44Z', 'tidewater.svg', { seats: '512' }],
    ['meridian', '-sso -dir_sync', '2025-05-12T08:09:30Z'],
    ['lagerhaus', 'sso -dir_sync', '2025-07-21T13:46:12Z', '2026-01-09T07:58:29Z'],
    ['driftwood', '-sso -dir_sync', '2025-08-01T17:20:00Z', '2025-10-31T23:59:59Z'],
    ['umi', 'sso -dir_sync', '2025-09-18T01:05:37Z'],
    ['anchorage', '-sso dir_sync', '2025-11-25T20:14:08Z'],
  ],
};

/** What each environment holds at start. */
export function seedOrganizations(environment: EnvironmentName): OrganizationsContent {
  const organizations = ROWS[environment].map(
    ([customer, features, create_time, update_time = create_time, logo, metadata]) => {
      const [display_name, region_code, external_id, slug] = CUSTOMERS[customer];
      return complete(OrganizationSchema, {
        id: ORGANIZATION_IDS[environment][customer],
        create_time,
        update_time,
        display_name,
        region_code,
        external_id,
        metadata: { ...METADATA[customer], ...metadata },
        settings: features === undefined ? undefined : { features: toFeatures(features) },
        slug,
        logo_url: logo && `${LOGOS}/${logo}`,
      });
    },
  );
  return { organizations };
}

function toFeatures(features: string) {
  const named = features.split(' ').filter(Boolean);
  return named.map((feature) => ({ name: feature.replace('-', ''), enabled: !feature.startsWith('-') }));
}
