/** A file of a client that cannot be read as what it should be. The message quotes nothing of it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  /** Where reading ended, from 1. */
  readonly line: number | undefined;

  constructor(reason: string, line?: number) {
    super(line === undefined ? reason : `${reason}, in line ${line}`);
    this.line = line;
  }
}

/**
 * The deepest nesting of a file that is read, in levels. No client needs so many, and what libraries do at each level takes
 * stack: where that ends, not every one of them fails with an exception.
 */
export const MAX_DEPTH = 200;

/** What is said of a file that is nested deeper than `MAX_DEPTH`. */
export function tooDeep(): UnreadableFile {
  return new UnreadableFile('it is nested too deeply');
}

/** The number of the line that holds a position, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Whether the lines of a text end as those of Windows do. */
export function endOfLine(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
