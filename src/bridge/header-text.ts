/** Whether a token can stand in a header: visible ASCII, and some of it. */
export function isHeaderText(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
