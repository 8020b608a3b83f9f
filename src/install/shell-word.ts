/**
 * An argument as shells take it for one word, for people to paste. What no shell gives a meaning within double quotes gets
 * those, which all shells know, those of Windows as well; all else is quoted as POSIX has it.
 */
export function shellWord(argument: string): string {
  if (/^[\w@+=:,./-]+$/.test(argument)) return argument;
  return isQuotable(argument) ? `"${argument}"` : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** Whether every shell takes an argument as it is within double quotes. For what others have written. */
export function isQuotable(argument: string): boolean {
  return /^[\p{L}\p{N}_@+=:,./?&() -]+$/u.test(argument) || /^[a-z]:(?:\\[\p{L}\p{N}_@+=,.&() -]+)+$/iu.test(argument);
}
