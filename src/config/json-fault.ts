import { createRequire } from 'node:module';
import type { JSONVisitor, ParseError, visit } from 'jsonc-parser';

/** What keeps a text from being read as JSON: a sentence that quotes nothing of the text, which may be secret. */
export interface JsonFault {
  /** From 1 on, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

const NO_WORD = 'no word of JSON stands there: names and texts need straight double quotation marks';
const BROKEN_TEXT = 'a text in quotation marks begins there that does not end, or holds what JSON does not allow';

/** By the numbers that the parser has for errors (`ParseErrorCode`). */
const WHY: Readonly<Record<ParseError['error'], string>> = {
  1: NO_WORD,
  2: 'what stands there is no number in JSON',
  3: 'the name of a member in quotation marks should stand there',
  4: 'a value should stand there',
  5: ': should stand there',
  6: 'a comma should stand there',
  7: '} should stand there',
  8: '] should stand there',
  9: 'nothing more should stand there',
  10: 'JSON has no comments',
  11: 'JSON has no comments',
  12: BROKEN_TEXT,
  13: 'what stands there is no number in JSON',
  14: BROKEN_TEXT,
  15: BROKEN_TEXT,
  16: BROKEN_TEXT,
};
const TWICE = 'the object has a member of this name already';

/**
 * Finds the first place at which a text is not JSON, or an object has a member for the second time. `JSON.parse` tells the
 * place in some of its messages only, quotes the text, and takes the last of several members.
 */
export function faultOfJson(text: string): JsonFault | undefined {
  // Loaded for the few who set a variable to JSON: it would take 5 ms of each start.
  const parser: { readonly visit: typeof visit } = createRequire(import.meta.url)('jsonc-parser');
  const open: Set<string>[] = [];
  let first: JsonFault | undefined;
  const fault = (why: string, line: number, character: number): void => {
    first ??= { line: line + 1, column: character + 1, why };
  };
  const visitor: JSONVisitor = {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, _offset, _length, line, character) => {
      if (open.at(-1)?.has(name)) fault(TWICE, line, character);
      open.at(-1)?.add(name);
    },
    onError: (error, _offset, _length, line, character) =>
      fault(WHY[error as ParseError['error']] ?? '', line, character),
  };
  parser.visit(text, visitor, { disallowComments: true });
  return first;
}
