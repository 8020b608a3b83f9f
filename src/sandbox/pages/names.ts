const MAX_LENGTH = 36;

/** Characters that show nothing or change the order of others, so that a name would look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;

/** A name that an application chose for itself, short enough to leave room for what matters. */
export function shortened(name: string): string {
  const characters = [...name.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()];
  return characters.length <= MAX_LENGTH ? characters.join('') : `${characters.slice(0, MAX_LENGTH - 1).join('')}…`;
}
