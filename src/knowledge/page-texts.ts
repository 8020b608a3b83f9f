/** A page as it stands in a file of many. */
export interface PageText {
  readonly title: string;
  readonly description: string;
  /** Markdown, without title and description. */
  readonly text: string;
}

const BOUNDARY = '\n---\n# DOCUMENT BOUNDARY\n---\n';
const TITLE = /^# (.+)$/;
const DESCRIPTION = /^> (.{1,2000})(?:\n|$)/;
/** Begins and ends a block of code. */
const FENCE = /^\s*(`{3,}|~{3,})/;
/** A page is never longer, in characters; what is behind that is left out. */
const MAX_PAGE = 500_000;
/** A title is never longer, in characters. */
const MAX_TITLE = 300;

/**
 * The pages of a file that has several one after the other, lazily. They are divided by boundaries; where the site writes
 * none, by headings of the first level. What has no title is no page.
 */
export function* pagesIn(file: string): Generator<PageText> {
  const whole = file.replaceAll('\r\n', '\n');
  const pieces = whole.includes(BOUNDARY) ? piecesOf(whole, BOUNDARY) : byTitles(whole);
  for (const piece of pieces) {
    const page = pageIn(piece.slice(0, MAX_PAGE));
    if (page !== undefined) yield page;
  }
}

function pageIn(piece: string): PageText | undefined {
  for (const { text: line, end } of linesOf(piece)) {
    const title = TITLE.exec(line)?.[1]?.trim();
    if (title !== undefined) return { title: shortened(title), ...describedIn(piece.slice(end).trim()) };
  }
  return undefined;
}

/** A title stands in lists and in results, whatever else has room there. */
function shortened(title: string): string {
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE).toWellFormed()}…` : title;
}

/** A description is quoted below the title. */
function describedIn(text: string): Omit<PageText, 'title'> {
  const quoted = DESCRIPTION.exec(text);
  if (quoted === null) return { description: '', text };
  return { description: (quoted[1] ?? '').trim(), text: text.slice(quoted[0].length).trim() };
}

/** Divides a text without making a list of all its pieces. */
function* piecesOf(text: string, boundary: string): Generator<string> {
  let from = 0;
  for (let at = text.indexOf(boundary); at !== -1; at = text.indexOf(boundary, from)) {
    yield text.slice(from, at);
    from = at + boundary.length;
  }
  yield text.slice(from);
}

function* byTitles(text: string): Generator<string> {
  let from = 0;
  for (const line of linesOf(text)) {
    if (!TITLE.test(line.text)) continue;
    if (line.start > from) yield text.slice(from, line.start);
    from = line.start;
  }
  yield text.slice(from);
}

/** A line of Markdown that is no code. */
interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The lines of a text outside blocks of code, lazily. */
export function* linesOf(text: string): Generator<Line> {
  let fence: string | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(start, newline === -1 ? end : newline);
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined && mark === undefined) yield { text: line, start, end };
    else if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) === true) fence = undefined;
    start = end;
  }
}
