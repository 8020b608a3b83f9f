import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { aboutDomain, read, setCustomDomain, verifyCustomDomain } from '../platform/changed-environment.ts';
import { Environment } from '../platform/entities/environment.ts';
import { DnsRecord } from '../platform/entities/environment-settings.ts';
import { path } from '../platform/path.ts';
import { domainName } from './fields/organization.ts';
import { ownId } from './fields/own-id.ts';

const customDomain = domainName.describe('Such as auth.acme.com');
const output = { environment: Environment };

/** The domain of one's own under which people sign in to an environment. */
export const customDomains = toolset(
  'custom_domains',
  { area: 'environment', needsWorkspaceToken: true, rare: true },
  (t) => [
    t.list('get_custom_domain_dns_records', {
      foundBy: 'which CNAME to create, what to enter at the DNS provider, records for our own login domain',
      description:
        'Show which DNS records (CNAME) to publish so that users sign in at a custom domain of your own, such as auth.acme.com.',
      of: { dns_records: DnsRecord },
      input: { customDomain },
      async run({ customDomain: custom_domain }, { api, environmentId }) {
        return api.post(path`/environments/${ownId(environmentId)}/dns`, { custom_domain }).catch((refusal) => {
          throw aboutDomain(refusal);
        });
      },
    }),

    t.read('check_custom_domain_status', {
      foundBy: 'is our own domain live, progress of the custom domain, is the CNAME found',
      description:
        'Check now how far the custom domain (vanity URL) of an environment is: custom_domain_status PENDING, ACTIVE or FAILED.',
      output,
      run: (_args, { api, environmentId }) =>
        api.post(path`/environments/${ownId(environmentId)}/custom-domains:check`, {}),
    }),

    t.destroy('set_custom_domain', {
      title: 'Set the custom domain of an environment',
      foundBy: "own domain for login, our own login URL, sign-in under our brand's address, change the login hostname",
      description:
        'Set up a custom domain (vanity URL) for the sign-in of an environment. It takes the place of the one before.',
      input: { customDomain },
      shows: output,
      stopsWorking:
        'The custom domain that the environment has now, if any: sign-in there, and whatever expects its tokens to name it.',
      does: ({ customDomain }) =>
        sentence`Set up the custom domain ${customDomain} for the environment, in place of any other.`,
      show: (_args, { api, environmentId }) => read(api, ownId(environmentId)),
      output,
      run: ({ customDomain }, { api, environmentId }) => setCustomDomain(api, ownId(environmentId), customDomain),
    }),

    t.add('verify_custom_domain_dns', {
      title: 'Verify the DNS records of a custom domain',
      foundBy: 'CNAME is in place, records were created, try the custom domain again',
      description: 'Verify that the DNS records of a custom domain are published, and check how far it is.',
      repeatable: true,
      input: { customDomain },
      output,
      does: ({ customDomain }) => sentence`Have the DNS records of the custom domain ${customDomain} verified.`,
      run: ({ customDomain }, { api, environmentId }) => verifyCustomDomain(api, ownId(environmentId), customDomain),
    }),
  ],
);
