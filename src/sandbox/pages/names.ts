const MAX_LENGTH = 36;
/** More than any application needs, so that a page stays one. */
const MAX_WHOLE = 300;

/** Characters that show nothing or change the order of others, so that a name would look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;

/** A name that an application chose for itself, short enough to leave room for what matters. */
export function shortened(name: string): string {
  return cut(visible(name), MAX_LENGTH);
}

/** The whole of a name that `shortened` cuts; undefined where nothing is cut. */
export function wholeName(name: string): string | undefined {
  const characters = visible(name);
  return characters.length <= MAX_LENGTH ? undefined : cut(characters, MAX_WHOLE);
}

/** A text of a page's length that somebody else has written a part of. */
export function wholeText(text: string): string {
  return cut(visible(text), MAX_WHOLE);
}

function visible(name: string): string[] {
  return [...name.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()];
}

function cut(characters: readonly string[], length: number): string {
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
