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
  // A person may stand between: "log everybody out".
  [/\b(?:log|sign)(?:s|ged|ed|ging|ing)? ((?:(?:a|an|all|our|the|your) )?\w{3,12}) out\b/gi, ' logout $1 '],
  [/\bAD FS\b/g, ' ADFS '],
  [/\bentra ?id\b/gi, ' entra '],
  [/\bone ?login\b(?= (?:saml|oidc|scim|sso|directory|connector|app))|\bOneLogin\b/gi, ' onelogin '],
  [/\bmachine(?:[ -]?(?:to|2)[ -]?)machine\b/gi, ' m2m '],
  [/\bend[ -]to[ -]end\b/gi, ' e2e '],
  [/\bopen ?id(?:[ -]?connect)\b/gi, ' oidc '],
  [/\b(node|next|express|nuxt|vue)\.?js\b/gi, ' $1 '],
  [/\bping ?(?:one|federate|identity)\b/gi, ' ping identity '],
];

/** Words that people use for the same thing, by their stems. */
const SAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ org: 'organiz', organis: 'organiz', kubernet: 'kubernete', k8s: 'kubernete', golang: 'go' },
    ...{ expiry: 'expir', registr: 'regist', revoc: 'revok', verific: 'verify', deletion: 'delet', creation: 'creat' },
    ...{ removal: 'remov', approval: 'approv', subscription: 'subscrib', encryption: 'encrypt', decryption: 'decrypt' },
  }),
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
  return stemOf(small);
}

/** What a text is found by; nothing twice. */
export function termsIn(text: string): string[] {
  const terms = new Set(wordsOf(text).map(termOf));
  terms.delete(null);
  return [...terms] as string[];
}

/**
 * Takes off what English words end in. It is coarse on purpose: whether the rest is a word does not matter, as long as
 * it is the same for all forms of one.
 */
export function stemOf(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return SAME.get(word) ?? word;
  const singular = word.endsWith('ies') ? `${word.slice(0, -3)}y` : /[^su]s$/.test(word) ? word.slice(0, -1) : word;
  // What is custom need not be of a customer.
  if (singular === 'customer') return singular;
  const stem = withoutEnding(singular);
  // What is invited got an invitation.
  const root = stem.length > 6 && stem.endsWith('at') ? stem.slice(0, -2) : stem;
  return SAME.get(root) ?? root;
}

function withoutEnding(word: string): string {
  for (const [ending, rest] of ENDINGS) {
    if (word.endsWith(ending) && word.length - ending.length >= 4) return word.slice(0, -ending.length) + rest;
  }
  return word.endsWith('e') && word.length > 4 ? word.slice(0, -1) : word;
}

const ENDINGS: readonly (readonly [ending: string, rest: string])[] = [
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['ation', 'at'],
  ['ator', 'at'],
  ['ing', ''],
  ['ed', ''],
  ['er', ''],
  ['ment', ''],
  ['ly', ''],
];
