/*
 * The one set of characters that nobody sees, or that say nothing to people, but reach a model. It guards both ways:
 * arguments must not hold them where texts are compared exactly, and they are removed from everything that leaves.
 *
 * What is invisible depends on what stands around it: a joiner (U+200C, U+200D) is spelling inside of a Persian or a
 * Malayalam word and in an emoji of several people (Unicode chapter 23.2, RFC 5892 appendix A), and a place to hide
 * text anywhere else. So one joiner stays where a script needs it. A run of them never does.
 */

/**
 * Control and format characters (zero-width, bidirectional, soft hyphen, tags), other characters that Unicode says to
 * ignore (variation selectors, fillers), lone surrogates, private use, what is assigned to nothing, and characters with
 * an empty glyph. Variation selectors go although emoji use them, because a hidden text can be encoded in them. A
 * character that is newer than the Unicode version of this Node.js is assigned to nothing as well.
 * Format characters that have a glyph, such as the Arabic end of ayah, are letters to people and not in this set.
 */
const INVISIBLE =
  /(?:(?![\n\t\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{16fe4}\u{1d159}])+/gu;
/** Line breaks other than `\n`. Some of them are invisible. */
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029]/g;
/**
 * Blanks of other widths than a space. A text can be hidden in their widths, so each becomes a space; but for one of the
 * width of ideographs between two of them.
 */
const BLANK = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const INEXACT = /[^\P{C}\n\t]|[^\P{Z} ]|[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{16fe4}\u{1d159}]/u;
const BEYOND_PLAIN = /[^\x20-\x7e]/;

/** A letter, or a mark on one, of a script that spells with joiners: its letters join, or it has viramas. */
const JOINING = String.raw`(?=[\p{L}\p{M}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Nkoo}\p{scx=Mand}\p{scx=Mani}\p{scx=Phag}\p{scx=Adlm}\p{scx=Rohg}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Bali}\p{scx=Java}]`;
/** Their viramas. A joiner behind one forms the letter before it, also at the end of a word. */
const VIRAMA = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u1b44\ua9c0]$/;
const ENDS_JOINING = new RegExp(`${JOINING}$`, 'u');
const BEGINS_JOINING = new RegExp(`^${JOINING}`, 'u');
const ENDS_PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const BEGINS_PICTURE = /^\p{Extended_Pictographic}/u;
const ENDS_IDEOGRAPH = /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]$/u;
const BEGINS_IDEOGRAPH = /^[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u;

/** Removes invisible characters from a text, and makes every line break `\n`. Linear in its length. */
export function withoutInvisible(text: string): string {
  if (!BEYOND_PLAIN.test(text)) return text;
  return text
    .replace(LINE_BREAK, '\n')
    .replace(INVISIBLE, (run, at: number, whole: string) => (isSpelling(run, around(whole, at, run)) ? run : ''))
    .replace(BLANK, (blank, at: number, whole: string) =>
      blank === '\u3000' && isIdeographic(around(whole, at, blank)) ? blank : ' ',
    );
}

/** Control and format characters but for those with a glyph, and a joiner with the selector that may stand before it. */
const CONTROL = /\ufe0f\u200d|(?![\n\t\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Cc}\p{Cf}]/gu;
const BEYOND_ONE_LINE = /[^\x20-\x7e\n]/;

/**
 * Makes a text harmless to a terminal: what a control or format character would do is not done, and it is seen that there
 * was one. Joiners stay where a script needs them. Linear in its length.
 */
export function withoutControls(text: string): string {
  if (!BEYOND_ONE_LINE.test(text)) return text;
  return text.replace(CONTROL, (found, at: number, whole: string) =>
    isSpelling(found, around(whole, at, found)) ? found : '\ufffd',
  );
}

/**
 * Whether a text can be compared exactly with what people see: it holds none of these characters, also where a script
 * needs one, no format character with a glyph, and no blank but the space. Linear in its length.
 */
export function isExact(text: string): boolean {
  return !BEYOND_PLAIN.test(text) || !INEXACT.test(text);
}

/** What stands directly before and after a place in a text: enough of it for one character each. */
interface Around {
  readonly before: string;
  readonly after: string;
}

function around(text: string, at: number, { length }: string): Around {
  return { before: text.slice(Math.max(0, at - 2), at), after: text.slice(at + length, at + length + 2) };
}

/** Whether a run of invisible characters is the one joiner that a script needs at its place. */
function isSpelling(run: string, { before, after }: Around): boolean {
  const isJoiner = run === '\u200d' || run === '\u200c';
  if (isJoiner && ENDS_JOINING.test(before) && BEGINS_JOINING.test(after)) return true;
  if (run === '\u200d' && VIRAMA.test(before)) return true;
  return (run === '\u200d' || run === '\ufe0f\u200d') && ENDS_PICTURE.test(before) && BEGINS_PICTURE.test(after);
}

/** The wide blank of East Asian texts stands between family name and given name. */
function isIdeographic({ before, after }: Around): boolean {
  return ENDS_IDEOGRAPH.test(before) && BEGINS_IDEOGRAPH.test(after);
}
