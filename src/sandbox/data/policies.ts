import type {
  Link as LinkMessage,
  OrganizationSessionPolicySettings,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import type { Json } from '../contract/json.ts';
import { DEVELOPMENT_ORGANIZATION_IDS, DEVELOPMENT_PORTAL_LINK_IDS, type EnvironmentName } from './ids.ts';

interface OfOrganization {
  readonly organization_id: string;
}

export type SessionPolicy = Json<OrganizationSessionPolicySettings>;

/** What holds for single organizations alone. One that is not here has what the application has. */
export interface PoliciesContent {
  readonly sessionPolicies: (SessionPolicy & OfOrganization)[];
  readonly userLimits: (OfOrganization & { readonly max_allowed_users: number })[];
  /** Links into the admin portal that were handed out. */
  readonly portalLinks: (Json<LinkMessage> & OfOrganization)[];
}

/** What the application has, in minutes. */
export const APPLICATION_POLICY = {
  absolute_session_timeout: 10_080,
  idle_session_timeout_enabled: true,
  idle_session_timeout: 1440,
  access_token_expiry: 5,
  absolute_session_timeout_unit: 'MINUTES',
  idle_session_timeout_unit: 'MINUTES',
} as const;

const { tidewater, quayside, lagerhaus, meridian } = DEVELOPMENT_ORGANIZATION_IDS;

/** What each environment holds at start. */
export function seedPolicies(environment: EnvironmentName, url: string): PoliciesContent {
  if (environment === 'production') return { sessionPolicies: [], userLimits: [], portalLinks: [] };
  return {
    sessionPolicies: [
      {
        organization_id: lagerhaus,
        policy_source: 'CUSTOM',
        absolute_session_timeout: 720,
        absolute_session_timeout_unit: 'MINUTES',
        idle_session_timeout_enabled: true,
        idle_session_timeout: 30,
        idle_session_timeout_unit: 'MINUTES',
      },
    ],
    userLimits: [{ organization_id: tidewater, max_allowed_users: 25 }],
    // Still good: whoever was given one has not come yet.
    portalLinks: (
      [
        ['meridian', meridian],
        ['quayside', quayside],
      ] as const
    ).map(([name, organization_id]) => ({
      organization_id,
      id: DEVELOPMENT_PORTAL_LINK_IDS[name],
      location: `${url}/magicLink/given-to-${name}`,
      expire_time: '2036-01-31T09:00:00Z',
    })),
  };
}
