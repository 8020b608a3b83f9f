/** The beginning of a text that is no longer than that as JSON, with its quotation marks. */
export function beginningOf(text: string, length: number): string {
  let left = length - '""'.length;
  let end = 0;
  for (const character of text) {
    left -= JSON.stringify(character).length - '""'.length;
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
