import { type Html, html } from './html.ts';

/** The link at the end of a page on which nothing can be done. */
export function wayOn(address: '/' | '/#reconnect' = '/', text = 'About this sandbox'): Html {
  return html`<p class="small last"><a href="${address}">${text}</a></p>`;
}
