/** Where somebody stands in an organization: scalekit.v1.commons.OrganizationMembership, as far as it follows from that. */
export function membership(
  { id, display_name: name }: { readonly id: string; readonly display_name: string },
  membership_status: string,
  created_at: string,
) {
  const joined = membership_status === 'PENDING_INVITE' ? undefined : created_at;
  const names = { name, display_name: name };
  return { organization_id: id, join_time: joined, membership_status, ...names, created_at, accepted_at: joined };
}
