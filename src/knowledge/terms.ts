/** Longer words are no words of a language. */
const MAX_WORD = 40;
/** Whatever is neither a letter nor a digit divides words. */
const DIVIDER = /[^\p{L}\p{N}]+/u;
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

/** Words that stand in questions and sentences of all kinds. */
const SAY_NOTHING: ReadonlySet<string> = new Set(
  'a about after all also am an and any are as at be because been before being between both but by can could did do does doing don during each few for from further get had has have having he her here hers him his how i if in into is it its just me more most my need no nor not now of off on once only or other our out over own please same she should so some such than that the their them then there these they this those through to too under until up use used uses using very want was way we were what when where which while who whom why will with would you your'.split(
    ' ',
  ),
);

/** What is written in one word, in two or with a hyphen, and means the same; and what is written out. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\bsingle[ -]?sign[ -]?on\b/gi, ' sso '],
  [/\b(?:log|sign)(?:s|ged|ed|ging|ing)?[ -]?(?:in|on|ins|ons)\b/gi, ' login '],
  [/\b(?:log|sign)(?:s|ged|ed|ging|ing)?[ -]?(?:out|off|outs)\b/gi, ' logout '],
  [/\bsign(?:s|ed|ing)?[ -]?ups?\b/gi, ' signup '],
  [/\bAD FS\b/g, ' ADFS '],
  [/\bentra ?id\b/gi, ' entra '],
  [/\bmachine(?:[ -]?(?:to|2)[ -]?)machine\b/gi, ' m2m '],
  [/\bend[ -]to[ -]end\b/gi, ' e2e '],
];

/** Words that people use for the same thing, by their stems. */
const SAME: ReadonlyMap<string, string> = new Map(
  Object.entries({ org: 'organiz', organis: 'organiz', kubernet: 'kubernete', k8: 'kubernete' }),
);

/** The words of a text as it is written, those of names in code (`createOrganization`) as a whole and one by one. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const word of inOneWord(text).split(DIVIDER)) {
    if (word === '' || word.length > MAX_WORD) continue;
    words.push(word);
    const parts = word.split(HUMP);
    if (parts.length > 1) words.push(...parts);
  }
  return words;
}

function inOneWord(text: string): string {
  let written = text;
  for (const [phrase, word] of PHRASES) written = written.replace(phrase, word);
  return written;
}

/** Whether a word in small letters stands in questions of all kinds. */
export function saysNothing(word: string): boolean {
  return SAY_NOTHING.has(word);
}

/** What a word is found by: its stem in small letters; `null` for one that says nothing. */
export function termOf(word: string): string | null {
  const small = word.toLowerCase();
  if (SAY_NOTHING.has(small)) return null;
  const stem = stemOf(small);
  return SAME.get(stem) ?? stem;
}

/**
 * Takes off what English words end in. It is coarse on purpose: whether the rest is a word does not matter, as long as
 * it is the same for all forms of one.
 */
export function stemOf(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const singular = word.endsWith('ies') ? `${word.slice(0, -3)}y` : /[^su]s$/.test(word) ? word.slice(0, -1) : word;
  // What is custom need not be of a customer.
  if (singular === 'customer') return singular;
  for (const [ending, rest] of ENDINGS) {
    if (singular.endsWith(ending) && singular.length - ending.length >= 4) {
      return singular.slice(0, -ending.length) + rest;
    }
  }
  return singular.endsWith('e') && singular.length > 4 ? singular.slice(0, -1) : singular;
}

const ENDINGS: readonly (readonly [ending: string, rest: string])[] = [
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['ation', 'at'],
  ['ing', ''],
  ['ed', ''],
  ['er', ''],
  ['ment', ''],
  ['ly', ''],
];
