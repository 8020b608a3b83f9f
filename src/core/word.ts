import { z } from 'zod';

/**
 * A word of an enum in an answer. JSON of protocol buffers writes a value whose word the writer does not know as its
 * number, which stands for the word then.
 */
export const Word = z.preprocess((value) => (Number.isInteger(value) ? String(value) : value), z.string());
