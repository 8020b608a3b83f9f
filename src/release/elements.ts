import type { AddCut } from './cuts.ts';
import { REDACTED } from './known-secrets.ts';
import { secrecyOf } from './secret-names.ts';

/** A tag: its slash, its name, and its attributes. */
const TAG = /<(\/?)([A-Za-z_][\w:.-]{0,63})((?:\s[^<>]{0,400})?)>/g;
/** The attribute that names what an element holds: `<property name="password">`. */
const NAMED = /\s(?:name|key)\s{0,8}=\s{0,8}\\{0,8}["']([\w .-]{1,64})\\{0,8}["']/i;
/** A field for a password in a form, whose value stands in an attribute. */
const FIELD = /<input(\s[^<>]{0,400})>/gi;
const OF_PASSWORD = /\stype\s{0,8}=\s{0,8}\\{0,8}["']?password(?![\w-])/i;
const VALUE = /\svalue\s{0,8}=\s{0,8}(?:(\\{0,8}["'])([^"'\\]{1,400})|([^\s"'\\>]{1,400}))/i;
/** A cell of a table or a term of a list that names what stands in the next one. */
const BESIDE =
  /<(?:td|th|dt)>\s{0,32}([\w.-][\w .-]{1,62}[\w.-]):?\s{0,32}<\/(?:td|th|dt)>\s{0,32}<(?:td|dd)>\s{0,32}([^<>]{1,2000})</gi;
/** A property list names each value by the element before it. */
const LISTED = /<key>([\w\s.-]{1,128})<\/key>\s{0,32}<(?:string|data|integer)>([^<>]+)</g;

/**
 * Cuts what stands in elements of XML whose names are those of secrets: `<password>…</password>`. An element that is not
 * closed is the sign for a value in a sentence. Linear in the length of the text.
 */
export function addElements(text: string, add: AddCut): void {
  if (text.includes('<input') || text.includes('<INPUT')) addFields(text, add);
  if (!text.includes('</')) return;
  const open = new Map<string, number>();
  for (const tag of text.matchAll(TAG)) {
    const [all, slash, name = '', attributes = ''] = tag;
    if (slash === '') {
      if (isSecret(text, tag.index + all.length, name, attributes)) open.set(name, tag.index + all.length);
    } else {
      const start = open.get(name);
      open.delete(name);
      if (start !== undefined) addContent(add, text, start, tag.index);
    }
  }
  addNamed(text, add);
}

/** Cuts what is named by what stands in front of it. */
function addNamed(text: string, add: AddCut): void {
  for (const named of [LISTED, BESIDE]) {
    for (const { 0: all, 1: name = '', 2: value = '', index } of text.matchAll(named)) {
      const end = index + all.length - 1;
      if (secrecyOf(name) !== 'public') addContent(add, text, end - value.length, end);
    }
  }
}

function addFields(text: string, add: AddCut): void {
  for (const { 0: all, 1: attributes = '', index } of text.matchAll(FIELD)) {
    const found = OF_PASSWORD.test(attributes) ? VALUE.exec(attributes) : null;
    if (found === null) continue;
    const end = index + all.length - 1 - attributes.length + found.index + found[0].length;
    addContent(add, text, end - (found[2] ?? found[3] ?? '').length, end);
  }
}

function isSecret(text: string, behind: number, name: string, attributes: string): boolean {
  if (attributes.endsWith('/')) return false;
  const secrecy = secrecyOf(name);
  if (secrecy === 'secret') return true;
  if (secrecy === 'secrets') return text[behind] !== '<';
  const named = NAMED.exec(attributes)?.[1];
  return named !== undefined && secrecyOf(named) !== 'public';
}

function addContent(add: AddCut, text: string, start: number, end: number): void {
  if (start < end && !text.startsWith(REDACTED, start)) add(start, end, REDACTED);
}
