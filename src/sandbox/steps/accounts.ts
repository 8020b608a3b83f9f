import type { ConnectedAccount } from '../data/types.ts';
import { now, replace } from '../operations/parts.ts';
import { html } from '../pages/html.ts';
import type { EnvironmentContent } from '../store.ts';
import type { Task } from './task.ts';

const TOKEN_LIFETIME_MS = 3_600_000;

/** Connecting an account at a third party: afterwards it is active. `undefined` when the account is gone. */
export function accountTask({ connectedAccounts }: EnvironmentContent, id: string): Task | undefined {
  const account = connectedAccounts.find((candidate) => candidate.id === id);
  if (account === undefined) return undefined;
  const { provider, identifier } = account;
  return {
    title: `Connect ${provider}`,
    question: html`<p>Agents ask to act in the ${provider} account of <strong>${identifier}</strong>.</p>
<p class="soft small">Nobody is at the other end here: the button stands for signing in at ${provider}.</p>`,
    button: 'Connect the account',
    finish: () => {
      replace(connectedAccounts, account, activated(account));
      return html`<p>The account of <strong>${identifier}</strong> is connected. Its status is now <code>ACTIVE</code>.</p>`;
    },
  };
}

function activated(account: ConnectedAccount): ConnectedAccount {
  const expires = new Date(Date.now() + TOKEN_LIFETIME_MS).toISOString();
  const token_expires_at = account.authorization_type === 'OAUTH' ? expires : undefined;
  return { ...account, status: 'ACTIVE', token_expires_at, updated_at: now() };
}
