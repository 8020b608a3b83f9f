import { ENVIRONMENT_DOMAINS, ENVIRONMENT_IDS } from './ids.ts';
import type { Environment } from './types.ts';

export const ENVIRONMENTS: readonly Environment[] = [
  {
    id: ENVIRONMENT_IDS.development,
    create_time: '2025-02-03T09:12:41.512Z',
    update_time: '2025-02-03T09:12:41.512Z',
    display_name: 'Development',
    domain: ENVIRONMENT_DOMAINS.development,
    region_code: 'EU',
    type: 'DEV',
    custom_domain_status: 'INITIAL',
  },
  {
    id: ENVIRONMENT_IDS.production,
    create_time: '2025-02-03T09:12:41.893Z',
    update_time: '2025-04-28T11:30:02.118Z',
    display_name: 'Production',
    domain: ENVIRONMENT_DOMAINS.production,
    region_code: 'EU',
    type: 'PRD',
    custom_domain: 'auth.harborlight.example',
    custom_domain_status: 'ACTIVE',
  },
];
