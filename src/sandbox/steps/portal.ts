import { customerConnection } from '../data/connections.ts';
import type { Environment } from '../data/types.ts';
import { now, replace } from '../operations/parts.ts';
import { html } from '../pages/html.ts';
import type { Store } from '../store.ts';
import type { Task } from './task.ts';

/** What a customer's administrator does in the portal: single sign-on works afterwards. `undefined` without the customer. */
export function portalTask(store: Store, environment: Environment, organizationId: string): Task | undefined {
  const { organizations, ssoConnections } = store.contentOf(environment);
  const organization = organizations.find(({ id }) => id === organizationId);
  if (organization === undefined) return undefined;
  const name = organization.display_name;
  return {
    title: 'Set up single sign-on',
    question: html`<p>You administer <strong>${name}</strong>, and set up how its people sign in.</p>
<p class="soft small">The identity provider is made up: the button stands for entering its settings.</p>`,
    button: 'Finish the set-up',
    finish: () => {
      const own = ssoConnections.filter(({ organization_id }) => organization_id === organizationId);
      const unfinished = own.find(({ status, enabled }) => status !== 'COMPLETED' || !enabled);
      const done = { status: 'COMPLETED', enabled: true, update_time: now() } as const;
      if (unfinished !== undefined) replace(ssoConnections, unfinished, { ...unfinished, ...done });
      else if (own.length === 0) {
        ssoConnections.push(customerConnection(store.newId('conn'), store.url, { environment, organizationId }));
      }
      return html`<p>Single sign-on of <strong>${name}</strong> is set up, and its connection is enabled.</p>`;
    },
  };
}
