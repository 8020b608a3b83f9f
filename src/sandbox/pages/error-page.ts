import { reconnectionList } from './clients.ts';
import { type Html, html } from './html.ts';
import { shortened, wholeText } from './names.ts';
import type { Page } from './page.ts';
import { wayOn } from './way-on.ts';

export interface PageError {
  /** An OAuth error code, or `expired` for a sign-in that is over. */
  readonly error: string;
  /** What is wrong, where the code alone does not say it. */
  readonly description?: string | undefined;
  readonly clientId?: unknown;
  /** URL of the MCP server that people sign in for. */
  readonly serverUrl: string;
}

interface Explanation {
  readonly title: string;
  readonly main: Html;
}

/** Says in our own words why an authorization cannot go on, where the client cannot be told, and what to do. */
export function errorPage(page: PageError): Page {
  const { error } = page;
  const { title, main } = explain(page);
  return {
    title,
    status: error === 'server_error' ? 500 : 400,
    main: html`
<h1 tabindex="-1" autofocus>${title}</h1>
${main}
<p class="soft small">Error code: <code>${error}</code></p>
${wayOn(error === 'invalid_client' ? '/' : '/#reconnect', error === 'invalid_client' ? undefined : 'Connect an application anew')}`,
  };
}

function explain({ error, description = '', clientId, serverUrl }: PageError): Explanation {
  const id = typeof clientId === 'string' && clientId !== '' ? html` (<code>${shortened(clientId)}</code>)` : undefined;
  switch (error) {
    case 'invalid_client':
      return {
        title: 'This sandbox does not know the application',
        main: html`<p>The application${id} is not registered here: most likely the sandbox was restarted and its temporary files
were gone. Connecting again leads back to this page. Remove the server from the application and add it again:</p>
${reconnectionList(serverUrl)}`,
      };
    case 'invalid_client_metadata_url':
      return {
        title: 'What the application says of itself cannot be used',
        main: html`<p>The application names itself by the address of a document${id}. ${wholeText(description)}</p>
<p>That is for its developers to mend. Until then, an application that can register itself is connected where the MCP
server does not allow such documents: <code>enableCimd</code> of <code>update_mcp_server</code>.</p>`,
      };
    case 'invalid_redirect_uri':
      return {
        title: 'The application expects the answer elsewhere',
        main: html`<p>The application${id} asks for the answer at an address that it did not register, so that it may be
somebody else. If you started this sign-in yourself, remove the server from the application and add it again.</p>`,
      };
    case 'expired':
      return {
        title: 'This sign-in is over',
        main: html`<p>It was finished or has expired, or it was begun in another browser. Go back to the application, and
connect from there.</p>`,
      };
    case 'server_error':
      return {
        title: 'The sandbox failed',
        main: html`<p>That is a defect of the sandbox, and its log says more. Go back to the application, and connect
again.</p>`,
      };
    default:
      return {
        title: 'This sign-in cannot continue',
        main: html`<p>The application${id} sent a request that is not valid. Go back to it and connect again; if that leads
here once more, remove the server from the application and add it again.</p>`,
      };
  }
}
