import { html } from './html.ts';
import type { Page } from './page.ts';

export interface PageError {
  /** An OAuth error code. */
  readonly error: string;
  readonly error_description?: string | undefined;
}

/** Says why an authorization cannot go on, where the client cannot be told. */
export function errorPage({ error, error_description: description }: PageError): Page {
  return {
    title: 'Sign-in failed',
    status: error === 'server_error' ? 500 : 400,
    main: html`
<h1>This sign-in cannot continue</h1>
<p>${description ?? 'The request is not valid.'}</p>
<p class="soft small last">Go back to the application and connect again. Error code: <code>${error}</code></p>`,
  };
}
