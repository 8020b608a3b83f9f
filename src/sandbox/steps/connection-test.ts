import type { Connection } from '../data/types.ts';
import { html } from '../pages/html.ts';
import type { Task } from './task.ts';

/** Signing in by way of a connection, to see whether it works. Changes nothing. */
export function connectionTest({ provider, id, status, enabled, oidc_config }: Connection): Task {
  const issuer = oidc_config?.issuer ?? 'its identity provider';
  return {
    title: 'Test a connection',
    question: html`<p>Sign in by way of the connection <code>${id}</code> (${provider}).</p>
<p class="soft small">The identity provider is made up: the button stands for signing in there.</p>`,
    button: 'Sign in as a test user',
    finish: () =>
      status === 'COMPLETED'
        ? html`<p>The test sign-in worked: ${issuer} answered for <code>test.user@harborlight.example</code>.</p>
<p>The connection is ${enabled ? 'enabled' : 'not enabled yet, so that nobody else can sign in by it'}.</p>`
        : html`<p>The test sign-in failed: the settings of the connection are not complete. Its status is
<code>${status}</code>; fill in its settings and try again.</p>`,
  };
}
