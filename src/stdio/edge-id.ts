/** The id of a message, as JSON writes the ids that programs choose. */
const ID = String.raw`"id"\s{0,9}:\s{0,9}(\d{1,15}|"[\w.:/+-]{1,256}")`;
const FIRST = new RegExp(
  String.raw`^\s{0,99}\{\s{0,99}(?:"jsonrpc"\s{0,9}:\s{0,9}"2\.0"\s{0,9},\s{0,99})?${ID}\s{0,9},`,
);
const LAST = new RegExp(String.raw`,\s{0,99}${ID}\s{0,99}\}\s{0,99}$`);

/**
 * The id of a message of which only both ends were kept: programs write it first, or last. What is inside of a member of the
 * message is not taken for it, because something would still have to be closed behind it.
 * @param head the beginning of the message
 * @param tail its end
 */
export function idAtTheEdges(head: string, tail: string): string | number | undefined {
  const written = FIRST.exec(head)?.[1] ?? LAST.exec(tail)?.[1];
  return written === undefined ? undefined : (JSON.parse(written) as string | number);
}
