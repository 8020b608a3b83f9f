import { linesOf } from './page-texts.ts';

/** A part of a page, from a heading to the next one, or a part of that where it is long. */
export interface Section {
  /** The headings above it, from the outermost to its own; none for the beginning of a page. */
  readonly headings: readonly string[];
  /** Where it begins and ends in the page, with its own heading. */
  readonly start: number;
  readonly end: number;
}

/** Steps of a list may be headings as well. */
const HEADING = /^(?:\s*(?:\d{1,3}[.)]|[-*+])\s+|\s*)(#{1,6})\s+(\S.*)$/;
const MAX_HEADING = 200;
/** A section that is longer, in characters, is divided between two paragraphs. */
const LONG = 1_800;

/** The sections of a page, in their order; blank ones are left out. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  const above: { readonly level: number; readonly heading: string }[] = [];
  let start = 0;
  const close = (end: number) => {
    if (text.slice(start, end).trim() !== '') {
      sections.push({ headings: above.map(({ heading }) => heading), start, end });
    }
    start = end;
  };
  for (const line of linesOf(text)) {
    if (line.start - start > LONG && line.text.trim() === '') close(line.start);
    const [, marks, heading] = HEADING.exec(line.text) ?? [];
    if (marks === undefined || heading === undefined) continue;
    close(line.start);
    while ((above.at(-1)?.level ?? 0) >= marks.length) above.pop();
    above.push({ level: marks.length, heading: plain(heading) });
  }
  close(text.length);
  return sections;
}

/** A heading without marks of Markdown. */
function plain(heading: string): string {
  return heading
    .slice(0, MAX_HEADING)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]+|\s+#*$/g, '')
    .trim();
}
