import { PEOPLE } from '../data/people.ts';
import { MACHINE_CLIENT } from '../oauth/machine.ts';
import { reconnectionList } from './clients.ts';
import { command } from './command.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/**
 * What this sandbox is, and how one begins: for newcomers, and for whom other pages send here.
 * @param url where the sandbox is
 */
export function homePage(serverUrl: string, url: string): Page {
  return {
    title: 'About this sandbox',
    main: html`
<h1>A Scalekit to try things out</h1>
<p>This is a small Scalekit on your own machine, with a made-up company, Harborlight, and its made-up customers. It signs
people in for the MCP server at <code>${serverUrl}</code>, and nothing that you do here reaches anybody.</p>
<p>When it is restarted, its data is as it was at first. Applications stay registered and signed in, unless the folder
for temporary files was emptied in between.</p>
<h2>Connect an application</h2>
<dl class="clients">
<dt>Claude Code</dt><dd>${command(`claude mcp add --transport http scalekit ${serverUrl}`)}</dd><dd>Then <code>/mcp</code> in
it, to sign in.</dd>
<dt>Others</dt><dd>Add a server with the transport Streamable HTTP and the address <code>${serverUrl}</code>. The <a
href="${new URL('/docs', serverUrl).href}">page of the MCP server</a> and its README say more.</dd>
</dl>
<h2>Who can sign in</h2>
<p>The application opens a page here, on which you choose one of them. No password is needed.</p>
<dl class="clients">${PEOPLE.map(
      ({ givenName, familyName, title }) => html`
<dt>${givenName} ${familyName}</dt><dd>${title}</dd>`,
    )}
</dl>
<h2>As a machine</h2>
<p>One client needs no person, and may ask for any scope. This answers with an <code>access_token</code>, to be sent in the
header <code>Authorization: Bearer …</code>:</p>
<dl class="clients"><dd>${command(
      `curl -s -u ${MACHINE_CLIENT.id}:${MACHINE_CLIENT.secret} ${url}/oauth/token -d grant_type=client_credentials -d "scope=environment:read organization:read"`,
    )}</dd></dl>
<h2 id="protect">Protect an MCP server of your own</h2>
<p>This sandbox is the authorization server of every MCP server that is registered in its environment Development. Let your
assistant call <code>register_mcp_server</code> with the URL of yours, publish what the answer says, and check tokens with the lines
of <code>get_environment_credentials</code>. Whoever connects to it then signs in here as a user of one of Harborlight’s customers,
also where it is set to a login of its own. The sandbox forgets such a server, its clients and who allowed what when it is
restarted: register it again, and connect anew.</p>
<h2 id="reconnect">Connect an application anew</h2>
<p>An application that this sandbox no longer knows must register again. Most do so only once the server is removed from
them and added again. Where you named the server otherwise than <code>scalekit</code>, write that name.</p>
${reconnectionList(serverUrl)}
<p class="small last">More about errors: <a href="${new URL('/docs/errors', serverUrl).href}">errors of the MCP server</a></p>`,
  };
}
