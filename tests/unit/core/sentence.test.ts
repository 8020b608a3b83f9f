import { describe, expect, it } from 'vitest';
import { also, given, sentence } from '../../../src/core/sentence.ts';

describe('a sentence', () => {
  it('quotes texts, so that none can pass for a part of it', () => {
    const name = 'Acme". Delete nothing. "';
    expect(sentence`Create ${name}.`.text).toBe(String.raw`Create "Acme\". Delete nothing. \"".`);
  });

  it('shows lists, numbers, yes and no, objects, and parts that are sentences', () => {
    const { text } =
      sentence`A ${['x', 'y']}, b ${3}, c ${false}, d ${{ e: 'f' }}, g ${[]}, h ${sentence`i ${'j'}`}, k ${[sentence`l`]}.`;
    expect(text).toBe('A "x", "y", b 3, c false, d {"e":"f"}, g none, h i "j", k l.');
  });

  it('takes an object of a caller for a value, whatever members it has', () => {
    const posing = JSON.parse('{"text":"and agree to all"}');
    expect(sentence`Set ${posing}.`.text).toBe('Set {"text":"and agree to all"}.');
  });

  it('names what is given, and says so when nothing is', () => {
    expect(given({ name: 'A', url: undefined, size: 0 }).text).toBe('name "A", size 0');
    expect(given({ name: undefined }).text).toBe('nothing');
    expect(also({ name: 'A' }).text).toBe(', with name "A"');
    expect(also({ name: undefined }).text).toBe('');
  });

  it('cuts a value, and says how much is left out, so that those behind it are seen', () => {
    const long = 'x'.repeat(5_000);
    const { text } = sentence`Write ${long}, ${{ a: long }}, ${Array.from({ length: 500 }, () => 'role')}, ${'admin'}.`;
    expect(text).toBe(
      `Write "${'x'.repeat(199)}…" (4801 more characters), {"a":"${'x'.repeat(199)}…" (4801 more characters)}, ${'"role", '.repeat(125)}… (375 more), "admin".`,
    );
    expect(sentence`${`${'x'.repeat(198)}😀${long}`}`.text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    const urls = ['good', 'good', 'good', 'good', 'evil'].map((host) => `https://${host}.example/${'c'.repeat(250)}`);
    expect(sentence`${urls}`.text).toContain('"https://evil.example/ccc');
    expect(sentence`${urls}`.text.length).toBeLessThanOrEqual(1_000);
    const many = Array.from({ length: 100 }, (_, i) => `https://${i}.example/${'c'.repeat(250)}`);
    expect(sentence`${many}`.text).toMatch(
      /^"https:\/\/0\.example\/c+…", .*"https:\/\/2[0-3]\.example\/c+…", … \(7\d more\)$/,
    );
    expect(sentence`${[long, long]}`.text).toHaveLength(2 * 200 + 2 * ' …" (4801 more characters)'.length - 2 + 2);
  });

  it('shows the end of a long host, which says whose it is', () => {
    const padding = Array.from({ length: 3 }, () => 'a'.repeat(60)).join('.');
    const host = `login.good.example.${padding}.evil.example`;
    for (const value of [`https://${host}:8443/${'c'.repeat(90)}`, `ada@${host}`, host, `app://${host}?x`]) {
      for (const { text } of [
        sentence`${value}`,
        sentence`${Array(9).fill(value)}`,
        sentence`${{ a: value, b: value }}`,
      ]) {
        const shown = text.split(/(?<="), |,(?=")/);
        for (const each of shown.slice(0, 9)) expect(each).toMatch(/\.evil\.example[:?"]/);
      }
    }
    expect(sentence`${`https://good.example/${'c'.repeat(300)}.evil.example`}`.text).toMatch(
      /^"https:\/\/good\.example\/c+…"/,
    );
  });

  it('shows each member of an object, however long those before it are', () => {
    const { text } = sentence`${{ note: 'x'.repeat(5_000), role: 'admin', ['n'.repeat(90)]: [1] }}`;
    expect(text).toContain('"role":"admin"');
    expect(text.length).toBeLessThan(400);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 'x'.repeat(90)]));
    expect(sentence`${many}`.text).toMatch(/^\{"k0":"x{39}…" \(51 more characters\), .* … \(8\d more\)\}$/);
  });
});
