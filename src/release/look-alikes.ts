/*
 * Characters that look like one of ASCII, or stand for one: a name is a secret's name in any of them, and what is typed
 * on an Asian keyboard separates it from its value as well.
 */

/** Pairs of a character and the one of ASCII that it looks like, where Unicode's compatibility forms do not say so. */
const ALIKE = [
  // Cyrillic
  'аaвbсcԁdеeһhіiјjкkӏlмmнhоoрpԛqгrѕsтtѵvԝwхxуyАAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXУYӀI',
  // Greek
  'αaβbεeγyηnιiκkνvοoρpσoτtυuχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX',
  // Latin, small capitals among them, and Armenian
  'ıiɑaɡgɩiøođdłlħhŧtØOĐDŁLᴀaʙbᴄcᴅdᴇeɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzօoոnսuհhցgզq',
  // Cherokee
  'ᎠDᎡRᎢTᎪAᎫJᎬEᎳWᎷMᎻHᏀGᏃZᏒRᏔWᏙVᏚSᏞLᏟCᏢPᏦKᏴB',
  // Marks
  '∶:ː:꞉:꞊=═=→=⇒=“"”"„"‟"«"»"″"「"」"『"』"‘\'’\'‚\'‛\'‹\'›\'′\'‐-‑-‒-–-',
].join('');
const alike = new Map<number, string>();
for (let i = 0; i < ALIKE.length; i += 2) alike.set(ALIKE.charCodeAt(i), ALIKE[i + 1] as string);

/** The ASCII codes of characters of two bytes; 0 for those that were not looked up yet, 1 for those that have none. */
const known = new Uint8Array(0x10000);
const NONE = 1;

/** The code of the ASCII character that a code unit beyond ASCII stands for; 0 if there is none. */
export function asciiFor(code: number): number {
  let found = known[code] as number;
  if (found === 0) {
    found = lookUp(code);
    known[code] = found;
  }
  return found === NONE ? 0 : found;
}

function lookUp(code: number): number {
  const plain = alike.get(code) ?? compatible(String.fromCharCode(code));
  return plain === undefined ? NONE : plain.charCodeAt(0);
}

/** The ASCII character to which a character decomposes, without the marks on it. */
function compatible(character: string): string | undefined {
  const plain = character.normalize('NFKD').replace(/\p{M}+/gu, '');
  return /^[!-~]$/.test(plain) ? plain : undefined;
}

/** The first halves of the mathematical and the enclosed letters. */
export const LETTER_SURROGATES: ReadonlySet<number> = new Set([0xd835, 0xd83c]);

/** A character as it is to be read: its like in ASCII, if it has one. */
export function readAs(character: string): string {
  if (character.length > 1) return compatible(character) ?? character;
  const code = asciiFor(character.charCodeAt(0));
  return code === 0 ? character : String.fromCharCode(code);
}

const BEYOND_ASCII = /\P{ASCII}/u;

/** A name as it is to be read, without marks on its letters. */
export function readName(name: string): string {
  if (!BEYOND_ASCII.test(name)) return name;
  return name.replace(/\P{ASCII}/gu, readAs).replace(/\p{M}+/gu, '');
}
