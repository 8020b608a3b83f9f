import { environmentId, organizationId, text } from './arguments.ts';
import type { Job } from './job.ts';

export const debugSignIn: Job = {
  name: 'debug_failed_sign_in',
  title: 'Debug a failed sign-in',
  description:
    'Troubleshoot: find out why a user cannot sign in or log in (login fails with an error, SSO does not work), and what mends it.',
  arguments: [
    environmentId,
    text('email', 'Email address of the person who cannot sign in'),
    { ...organizationId, isRequired: false },
    text('seen', 'What the person sees: the error message, and when'),
  ],
  goal: (value) =>
    `Find out why ${value('email', 'somebody')} cannot sign in to the organization ${value('organizationId', 'that is to be found out')}. Seen: ${value('seen', 'nothing was said yet')}. Change nothing without the person’s consent.`,
  steps: [
    'Read the last attempts with `list_auth_logs` (email, then without it if that finds nothing). The status and the error of the last one say how far it came; `list_events` with its authRequestId says what happened on the way.',
    'No attempt at all: the application does not send people to Scalekit, or to another environment. Compare `list_redirect_uris` and `get_environment_details` with what the application uses.',
    'Stopped at the redirect: the callback URL is not registered to the letter. `list_redirect_uris` shows those that are.',
    'Stopped at the identity provider: find the connection with `list_organization_connections`, and let `diagnose_connection` check it: settings, domains, features, the last test and the last attempts. `get_organization_connection` shows it whole.',
    'Sent to the wrong place or refused by domain: `list_organization_domains` shows whether the domain of the address belongs to the organization and is verified, `get_organization_details` whether sso is on.',
    'Signed in and then refused: `list_users` (query: the address) and `list_organization_users` show whether they are a member, active or still invited; a directory may have switched them off, see `list_organization_directories`.',
    'Name the cause that the facts show, not the most frequent one. If two remain, say which observation would decide.',
  ],
  care: [
    'Logs hold addresses of other people: report only the person concerned.',
    'A change of a connection concerns everybody who signs in through it. Propose it, and let the person decide.',
  ],
  done: 'the person knows the cause with the record that shows it, and the one change that mends it, with the tool or the page of the dashboard for it.',
};
