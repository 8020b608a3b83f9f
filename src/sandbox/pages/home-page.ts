import { reconnectionList } from './clients.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** What this sandbox is, for whom other pages send here. */
export function homePage(serverUrl: string): Page {
  return {
    title: 'About this sandbox',
    main: html`
<h1>A Scalekit to try things out</h1>
<p>This is a small Scalekit on your own machine, with a made-up company, Harborlight, and its made-up customers. It signs
people in for the MCP server at <code>${serverUrl}</code>, and nothing that you do here reaches anybody.</p>
<p>When it is restarted, its data is as it was at first. Applications stay registered and signed in, unless the folder
for temporary files was emptied in between.</p>
<h2 id="reconnect">Connect an application anew</h2>
<p>An application that this sandbox no longer knows must register again. Most do so only once the server is removed from
them and added again. Where you named the server otherwise than <code>scalekit</code>, write that name.</p>
${reconnectionList(serverUrl)}
<p class="small last">More about errors: <a href="${new URL('/docs/errors', serverUrl).href}">errors of the MCP server</a></p>`,
  };
}
