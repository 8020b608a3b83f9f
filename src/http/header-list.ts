/** How much of a header is read as a list, in characters. Clients send lists of less than a hundred. */
export const LONGEST_LIST = 1024;

/**
 * The entries of a header that is a list (RFC 9110 §5.6.1), in lower case and without the blanks around them. What goes
 * beyond `LONGEST_LIST` is not read, and neither is the entry that goes beyond it.
 */
export function entriesOf(header: string): string[] {
  const entries = header
    .slice(0, LONGEST_LIST)
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim());
  return header.length > LONGEST_LIST ? entries.slice(0, -1) : entries;
}
