import { PRODUCTION_ORGANIZATION_IDS as IDS } from './ids.ts';
import type { Organization } from './types.ts';

const SSO = { name: 'sso', enabled: true };
const NO_SSO = { name: 'sso', enabled: false };
const SCIM = { name: 'dir_sync', enabled: true };
const NO_SCIM = { name: 'dir_sync', enabled: false };

/** The customers who pay. Where they exist in development too they share the external id, not the id. */
export const PRODUCTION_ORGANIZATIONS: readonly Organization[] = [
  {
    id: IDS.tidewater,
    create_time: '2025-04-28T12:00:00Z',
    update_time: '2025-12-19T10:31:44Z',
    display_name: 'Tidewater Logistics',
    region_code: 'US',
    external_id: 'hl-1001',
    metadata: { plan: 'enterprise', account_owner: 'mira.okafor', seats: '512' },
    settings: { features: [SSO, SCIM] },
    slug: 'tidewater',
    logo_url: 'https://cdn.harborlight.example/logos/tidewater.svg',
  },
  {
    id: IDS.meridian,
    create_time: '2025-05-12T08:09:30Z',
    update_time: '2025-05-12T08:09:30Z',
    display_name: 'Meridian Freight GmbH',
    region_code: 'EU',
    external_id: 'hl-1003',
    metadata: { plan: 'business', seats: '120' },
    settings: { features: [NO_SSO, NO_SCIM] },
    slug: 'meridian-freight',
  },
  {
    id: IDS.lagerhaus,
    create_time: '2025-07-21T13:46:12Z',
    update_time: '2026-01-09T07:58:29Z',
    display_name: 'Lagerhaus Müller & Söhne',
    region_code: 'EU',
    external_id: 'hl-1005',
    metadata: { plan: 'enterprise', data_residency: 'eu-central', seats: '95' },
    settings: { features: [SSO, NO_SCIM] },
    slug: 'lagerhaus-mueller',
  },
  {
    id: IDS.driftwood,
    create_time: '2025-08-01T17:20:00Z',
    update_time: '2025-10-31T23:59:59Z',
    display_name: 'Driftwood Imports',
    region_code: 'US',
    external_id: 'hl-1006',
    metadata: { plan: 'none', churned_on: '2025-10-31', churn_reason: 'moved to a competitor' },
    settings: { features: [NO_SSO, NO_SCIM] },
  },
  {
    id: IDS.umi,
    create_time: '2025-09-18T01:05:37Z',
    update_time: '2025-09-18T01:05:37Z',
    display_name: '海運株式会社ウミネコ',
    region_code: 'US',
    external_id: 'hl-1007',
    metadata: { plan: 'business', locale: 'ja-JP' },
    settings: { features: [SSO, NO_SCIM] },
    slug: 'umineko',
  },
  {
    id: IDS.anchorage,
    create_time: '2025-11-25T20:14:08Z',
    update_time: '2025-11-25T20:14:08Z',
    display_name: 'Anchorage Cold Chain',
    region_code: 'US',
    external_id: 'hl-1010',
    metadata: { plan: 'business', seats: '60', support_tier: 'gold' },
    settings: { features: [NO_SSO, SCIM] },
  },
];
