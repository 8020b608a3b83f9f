/**
 * The API's messages as its gateway writes them: every field is there, unset strings as "", unset messages as null.
 * Fields that the API declares optional are left out when unset, as the gateway leaves out members of a oneof.
 */
export interface Environment {
  readonly id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly display_name: string;
  readonly domain: string;
  readonly region_code: RegionCode;
  readonly type: 'PRD' | 'DEV';
  readonly custom_domain?: string;
  readonly custom_domain_status: 'UNSPECIFIED' | 'PENDING' | 'ACTIVE' | 'FAILED' | 'INITIAL';
}

type RegionCode = 'REGION_CODE_UNSPECIFIED' | 'US' | 'EU';

export interface Organization {
  readonly id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly display_name: string;
  readonly region_code: RegionCode;
  readonly external_id?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly settings: { readonly features: readonly Feature[] } | null;
  readonly slug?: string;
  readonly logo_url?: string;
}

interface Feature {
  readonly name: string;
  readonly enabled: boolean;
}

export interface Workspace {
  readonly id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly display_name: string;
  readonly region_code: RegionCode;
  readonly extended_info: {
    readonly payment_overdue: boolean;
    readonly payment_method_present: boolean;
    readonly free_quota_exceeded: boolean;
  } | null;
  readonly billing_customer_id: string;
  readonly billing_subscription_id: string;
  readonly auth_domain: string;
  readonly deployment: string;
}

export interface Member {
  readonly id: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly workspace_id: string;
  readonly role: 'ADMIN' | 'USER';
  readonly first_name?: string;
  readonly last_name?: string;
  readonly email: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly organizations: readonly OrganizationMembership[];
  readonly user_profile: UserProfile | null;
  readonly external_id: string;
  readonly workspace_ids: readonly string[];
  readonly active_workspace_external_id?: string;
}

interface OrganizationMembership {
  readonly organization_id: string;
  readonly join_time: string;
  readonly membership_status: 'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED';
  readonly roles: readonly unknown[];
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly display_name?: string;
  readonly created_at?: string;
  readonly accepted_at?: string;
  readonly permissions: readonly string[];
}

/** `first_name` and `last_name` are deprecated; organizations' users have them empty. */
export interface UserProfile {
  readonly id: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly name: string;
  readonly locale: string;
  readonly email_verified: boolean;
  readonly phone_number: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly custom_attributes: Readonly<Record<string, string>>;
  readonly first_name: string;
  readonly last_name: string;
  readonly preferred_username: string;
  readonly phone_number_verified: boolean;
  readonly picture: string;
  readonly groups: readonly string[];
  readonly gender: string;
  readonly external_identities: readonly unknown[];
}
