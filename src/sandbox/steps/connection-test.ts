import type { Connection, ConnectionTest } from '../data/types.ts';
import { html } from '../pages/html.ts';
import type { Task } from './task.ts';

const WORKED = {
  status: 'SUCCESS',
  user_info: JSON.stringify({ sub: 'test-user', email: 'test.user@harborlight.example' }),
} as const;

const FAILED = {
  status: 'FAILURE',
  error: 'invalid_configuration',
  error_description: 'The settings of the connection are not complete.',
} as const;

/**
 * Signing in by way of a connection, to see whether it works.
 * @param keep keeps what came of it, and yields its id
 */
export function connectionTest(
  { provider, id, status, enabled, oidc_config, saml_config }: Connection,
  keep: (result: Omit<ConnectionTest, 'id' | 'connection_id'>) => string,
): Task {
  const issuer = oidc_config?.issuer ?? saml_config?.idp_entity_id ?? 'its identity provider';
  return {
    title: 'Test a connection',
    question: html`<p>Sign in by way of the connection <code>${id}</code> (${provider}).</p>
<p class="soft small">The identity provider is made up: the button stands for signing in there.</p>`,
    button: 'Sign in as a test user',
    finish: () =>
      status === 'COMPLETED'
        ? html`<p>The test sign-in worked: ${issuer} answered for <code>test.user@harborlight.example</code>.</p>
<p>The connection is ${enabled ? 'enabled' : 'not enabled yet, so that nobody else can sign in by it'}.</p>
<p>The result is kept as <code>${keep(WORKED)}</code>.</p>`
        : html`<p>The test sign-in failed: the settings of the connection are not complete. Its status is
<code>${status}</code>; fill in its settings and try again.</p>
<p>The result is kept as <code>${keep(FAILED)}</code>.</p>`,
  };
}
