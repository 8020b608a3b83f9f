/** Markup that is safe to send: made by the `html` tag alone. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Content = string | Html | readonly Html[] | undefined;

/** Builds markup. Every text that is put in is escaped for element content and quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.reduce((built, part, index) => built + render(contents[index - 1]) + part));
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.markup;
  return typeof content === 'string' ? escapeText(content) : content.map(render).join('');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
