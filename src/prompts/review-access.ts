import { environmentId, organizationId } from './arguments.ts';
import type { Job } from './job.ts';

export const reviewAccess: Job = {
  name: 'review_organization_access',
  title: 'Review who can do what in an organization',
  description:
    'Report who has access to a customer’s organization, with which roles and permissions, and what looks odd.',
  arguments: [environmentId, { ...organizationId }],
  goal: (value) =>
    `Review who can do what in the organization ${value('organizationId', '(to be asked for)')}, and change nothing. Report it as a table of people, and a list of what looks odd.`,
  steps: [
    'Read the organization with `get_organization_details`, and its people with `list_organization_users`, all pages.',
    'Read the roles with `list_organization_roles`, and with `list_role_permissions` what each that is held allows, inherited permissions included.',
    'Read what does not sign in as a person: `list_organization_clients` and `list_api_tokens`.',
    'Read through what people come in: `list_organization_connections`, `list_organization_domains` and `list_organization_directories`. Where a directory assigns roles by groups, `list_directory_groups` names the groups.',
    'For a few people with the most rights, see with `list_user_permissions` what they can really do.',
    'Look for what is odd: more admins than needed, people whose email is of no domain of the organization, roles that nobody holds, people who were invited long ago and never came, secrets and tokens that never expire, a directory that is switched off while its people stay.',
  ],
  care: [
    'A list may have several pages: go on until there is no next_page_token, and say how many people there are in all.',
    'Say what you could not read, instead of counting it as nothing.',
  ],
  done: 'the person has a table (who, roles, what these allow, how they sign in), a list of oddities with the people concerned, and for each a proposed change, which they decide on.',
};
