import { environmentId, text } from './arguments.ts';
import type { Job } from './job.ts';

export const onboardEnterpriseCustomer: Job = {
  name: 'onboard_enterprise_customer',
  title: 'Onboard an enterprise customer',
  description:
    'Set up a new customer (company, tenant): organization, single sign-on (SSO), user provisioning (SCIM), and an admin.',
  arguments: [
    environmentId,
    text('customer', 'Name of the customer', true),
    text('domain', 'Email domain of its people, such as acme.com'),
    text('identityProvider', 'Where its people sign in, such as Okta or Entra ID'),
    text('adminEmail', 'Email address of the customer’s admin'),
  ],
  goal: (value) =>
    `Onboard the enterprise customer ${value('customer', '(name)')} in Scalekit: domain ${value('domain', 'not known yet')}, identity provider ${value('identityProvider', 'not known yet')}, admin ${value('adminEmail', 'not known yet')}. Ask the person for what is missing only when a step needs it.`,
  steps: [
    'Look for the customer with `list_organizations` (query: its name). If it is there, go on with it instead of making a second one.',
    'Otherwise make it with `create_organization`. Give the id in the person’s own system as externalId, if there is one.',
    'Allow the features that the customer has bought with `update_organization_settings`: sso, dir_sync. Without them, the customer’s admin sees nothing to set up.',
    'Register its domain with `add_organization_domain` for organization verification, and tell the person the DNS record that the answer names. Check it later with `list_organization_domains`.',
    'Make a link for the customer’s admin with `generate_admin_portal_link`: there the admin connects the identity provider and the directory without help. Give the link to the person at once, since it expires.',
    'If the person would rather set the connection up themselves, use `create_organization_connection`, then `update_organization_oidc_connection` or `update_organization_saml_connection`, and `enable_organization_connection` last.',
    'Bring the first people in with `create_organization_user`; the admin gets a role that `list_organization_roles` names.',
    'Look at the result: `list_organization_connections`, `list_organization_directories` and `list_organization_users`.',
  ],
  care: [
    'Invitations go out by mail as soon as a user is made with sendInvitationEmail. Ask first.',
    'The link of the admin portal lets whoever has it change the customer’s sign-in. It goes to the customer’s admin alone.',
  ],
  done: 'the organization exists with its features, the domain is verified or the DNS record is with the customer, the admin has the link or the connection is enabled, and the person has a list of what the customer still has to do.',
};
