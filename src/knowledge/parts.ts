/** How many characters a text takes in JSON, without quotes. */
export function lengthInJson(text: string): number {
  return JSON.stringify(text).length - 2;
}

/**
 * Divides a text into parts, mostly between two lines. Linear in its length.
 * @param room the longest part, in characters of JSON
 * @returns at least one part
 */
export function partsOf(text: string, room: number): string[] {
  const parts: string[] = [];
  let part = '';
  let length = 0;
  for (const line of piecesOf(text, room)) {
    const more = lengthInJson(line);
    if (length + more > room && part !== '') {
      parts.push(part);
      [part, length] = ['', 0];
    }
    part += line;
    length += more;
  }
  return [...parts, part];
}

/** Lines with their ends; one that is too long is divided as well. */
function* piecesOf(text: string, room: number): Generator<string> {
  // A character takes up to six in JSON, and two of them may be one to people.
  const longest = Math.max(2, Math.floor(room / 6));
  for (const line of text.split(/(?<=\n)/)) {
    if (lengthInJson(line) <= room) {
      yield line;
      continue;
    }
    for (let from = 0; from < line.length; ) {
      const to = from + longest;
      const isInPair = /[\ud800-\udbff]/.test(line.charAt(to - 1)) && to < line.length;
      const end = isInPair ? to - 1 : to;
      yield line.slice(from, end);
      from = end;
    }
  }
}

/** The beginning of a text that fits, cut between two lines where that loses little. */
export function beginningOf(text: string, room: number): string {
  const [first = '', ...others] = partsOf(text, room);
  return others.length === 0 ? first : `${first.trimEnd()} …`;
}
