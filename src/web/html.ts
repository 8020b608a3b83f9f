/** Markup that may be sent as it is. Only the tag `html` makes it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

type Content = string | number | Html | readonly Html[] | undefined | false;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Builds markup. What is put in is escaped, for text and for attributes in double quotes, unless it is markup already. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + markupOf(contents[index])).join(''));
}

/** Text in which what stands between backticks becomes code. No line breaks behind the hyphens of an option in it. */
export function prose(text: string): Html {
  const pieces = text
    .split('`')
    .map((piece, index) => (index % 2 === 0 ? html`${piece}` : html`<code>${code(piece)}</code>`));
  return html`${pieces}`;
}

/** A command or an address, in which no line breaks behind the hyphens of an option. */
export function code(text: string): Html {
  const words = text.split(/(?<=\s)|(?=\s)/);
  return html`${words.map((word) => (/^--?\w[\w-]*$/.test(word) ? html`<span class="option">${word}</span>` : html`${word}`))}`;
}

function markupOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.markup;
  if (Array.isArray(content)) return content.map((each) => each.markup).join('');
  return String(content).replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '');
}
