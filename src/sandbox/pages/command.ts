import { type Html, html } from './html.ts';

/** A command to copy. A browser would break a line behind a hyphen, as in an option, which then reads like something else. */
export function command(text: string): Html {
  const parts = text.split(/(?<=\s)([\w:-]*-[\w:-]*)(?=\s|$)/);
  return html`<code>${parts.map((part, i) => (i % 2 === 1 ? html`<span class="word">${part}</span>` : html`${part}`))}</code>`;
}
