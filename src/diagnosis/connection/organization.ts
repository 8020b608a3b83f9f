import { CONNECTION_STATES, wordOf } from '../../platform/enum-words.ts';
import { failed, type Outcome, passed, warned } from '../finding.ts';
import type { Read } from './read.ts';

/** Checks what an organization needs for its people to reach a connection. A part that could not be read is passed over. */
export function checkOrganization(read: Read): Outcome[] {
  if (read.owner === undefined) return [];
  return [...checkFeature(read), ...checkDomains(read), ...checkDirectories(read)];
}

function checkFeature({ features }: Read): Outcome[] {
  if (features === undefined) return [];
  const next_tool = 'update_organization_settings';
  if (features.get('sso') === true) return [passed('sso_feature')];
  const to_do = 'Switch the feature sso on.';
  return features.get('sso') === false
    ? [failed('sso_feature', { seen: 'SSO is switched off for this organization.', to_do, next_tool })]
    : [warned('sso_feature', { seen: 'SSO is not among the features of this organization.', to_do, next_tool })];
}

const VERIFIED: ReadonlySet<string> = new Set(['VERIFIED', 'AUTO_VERIFIED']);
/** Addresses with a domain of this type are offered the organization, and not led to its SSO. */
const ONLY_OFFERED = 'ALLOWED_EMAIL_DOMAIN';

function checkDomains({ connection, domains }: Read): Outcome[] {
  const leading = connection.domains ?? [];
  // Only the first domains of an organization are read: of others the connection itself says what is known.
  const known = new Map(domains?.map((domain) => [domain.id, domain]));
  const facts = leading.map((one) => known.get(one.id) ?? one);
  const unverified = facts.filter(({ verification_status: state }) => !VERIFIED.has(state ?? ''));
  if (leading.length === 0) return [noDomain(domains)];
  if (unverified.length === 0) return [passed('domains'), passed('domain_verification')];
  const seen =
    'A domain that leads to the connection is not verified: people with such addresses may not be sent here.';
  const found = unverified.map(({ id, domain, verification_status }) => ({ id, domain, verification_status }));
  const to_do = 'Publish its DNS record (list_organization_domains shows it), then verify it.';
  const next_tool = 'verify_organization_domain';
  return [passed('domains'), failed('domain_verification', { seen, found, to_do, next_tool })];
}

function noDomain(domains: Read['domains']): Outcome {
  const ready = domains?.filter(
    ({ verification_status: state, domain_type: type }) => VERIFIED.has(state ?? '') && type !== ONLY_OFFERED,
  );
  const isReady = ready !== undefined && ready.length > 0;
  return warned('domains', {
    seen: 'No domain leads to the connection: only applications that name the organization or the connection send people here.',
    found: ready?.map(({ id, domain }) => ({ id, domain })),
    to_do: isReady ? 'Lead the verified domains here that `found` names.' : 'Add the email domain of the organization.',
    next_tool: isReady ? 'assign_domains_to_connection' : 'add_organization_domain',
  });
}

/** People who come by a directory can sign in only once they have come. */
function checkDirectories({ features, directories }: Read): Outcome[] {
  if (directories === undefined) return [];
  const check = 'directory';
  const on = directories.filter(({ enabled }) => enabled === true);
  const ids = (some: Read['directories']) => some?.map(({ id }) => id);
  if (on.length > 0 && features?.get('dir_sync') === false) {
    const seen = 'A directory is on, while directory sync is switched off for this organization: nobody comes by it.';
    const to_do = 'Switch the feature dir_sync on.';
    return [failed(check, { seen, found: ids(on), to_do, next_tool: 'update_organization_settings' })];
  }
  if (features?.get('dir_sync') === true && on.length === 0) {
    const seen = 'Directory sync is on for this organization, and no directory is: people do not come by it.';
    const to_do = directories.length > 0 ? 'Switch the directory on.' : 'Create a directory, or switch dir_sync off.';
    const next_tool = directories.length > 0 ? 'enable_organization_directory' : 'create_organization_directory';
    return [warned(check, { seen, found: ids(directories), to_do, next_tool })];
  }
  const begun = on.filter(({ status }) => wordOf(CONNECTION_STATES, status) !== 'COMPLETED');
  const closed = on.filter(({ directory_type: type, secrets }) => type === 'SCIM' && !hasGoodSecret(secrets));
  if (closed.length > 0) {
    const seen = 'A directory has no secret that is good: its identity provider cannot send anybody.';
    const to_do = 'Make one, and give it to the identity provider.';
    return [failed(check, { seen, found: ids(closed), to_do, next_tool: 'create_directory_secret' })];
  }
  const silent = on.filter(({ last_synced_at: at }) => !at);
  if (begun.length + silent.length === 0) return [passed(check)];
  const seen = 'A directory is on, and has not brought anybody yet.';
  const to_do = 'Give its endpoint and secret to the identity provider, and start provisioning there.';
  return [
    warned(check, {
      seen,
      found: ids([...new Set([...begun, ...silent])]),
      to_do,
      next_tool: 'get_organization_directory',
    }),
  ];
}

function hasGoodSecret(secrets: NonNullable<Read['directories']>[number]['secrets']): boolean {
  // Not told is not missing.
  if (!Array.isArray(secrets)) return true;
  return secrets.some(({ status, expire_time: end }) => {
    const ends = Date.parse(end ?? '');
    return status !== 'INACTIVE' && !(ends > 0 && ends <= Date.now());
  });
}
