import { environmentId, text } from './arguments.ts';
import type { Job } from './job.ts';

export const prepareProduction: Job = {
  name: 'prepare_production',
  title: 'Prepare production',
  description:
    'Checklist before an environment goes live (launch, move to production): domain, callbacks, sessions, roles, secrets.',
  arguments: [environmentId, text('applicationUrl', 'URL of the application in production')],
  goal: (value) =>
    `Prepare a Scalekit environment for production, for the application at ${value('applicationUrl', 'a URL that is to be asked for')}. Begin with what is missing, and change one thing at a time.`,
  steps: [
    'Read `check_production_readiness`: its checks say what is to be done, with the tool for it. `get_status` counts what is there.',
    'Custom domain: `get_custom_domain_dns_records` says what to enter in DNS, `check_custom_domain_status` whether it is seen, `set_custom_domain` sets it.',
    'Callbacks: `list_redirect_uris`. Only https URLs of the application belong there; add them with `add_redirect_uri`, and `add_post_logout_redirect_uri` and `set_initiate_login_uri` for logout and sign-in that begins elsewhere.',
    'Sessions: read `get_environment_session_settings`, and agree with the person how long sessions last and when idle ones end.',
    'Roles: `list_environment_roles`. Set both default roles with `set_default_roles`, so that nobody gets more than a member by chance.',
    'For secrets, look at `list_environment_clients`. Production has its own client and secret, made by a person in the dashboard or with `create_client_secret`, and kept where the application reads it.',
    'Sign-in methods: `list_environment_connections`. Social connections need credentials of your own in production.',
    'Compare with the environment that works: the same roles, permissions (`list_permissions`) and scopes (`list_environment_scopes`) by the same names.',
    'Run `check_production_readiness` once more, and let the person sign in once.',
  ],
  care: [
    'Whatever is changed in an environment of type PRD concerns real users. Say what you are about to do, and wait for consent.',
    'A secret is shown once. It goes to the place where it is kept, never into a file of the project.',
  ],
  done: 'check_production_readiness has nothing left to do that the person has not put off knowingly, and somebody has signed in through the production domain.',
};
