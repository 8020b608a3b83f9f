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
      `Write "${'x'.repeat(199)}…" (4802 more characters), {"a":"${'x'.repeat(194)}… (4808 more characters), ${'"role", '.repeat(125)}… (375 more), "admin".`,
    );
    expect(sentence`${`${'x'.repeat(198)}😀${long}`}`.text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    const urls = ['good', 'good', 'good', 'good', 'evil'].map((host) => `https://${host}.example/${'c'.repeat(250)}`);
    expect(sentence`${urls}`.text).toContain('"https://evil.example/ccc');
    expect(sentence`${urls}`.text.length).toBeLessThanOrEqual(1_000);
    const many = Array.from({ length: 100 }, (_, i) => `https://${i}.example/${'c'.repeat(250)}`);
    expect(sentence`${many}`.text).toMatch(
      /^"https:\/\/0\.example\/c+…", .*"https:\/\/2[0-3]\.example\/c+…", … \(7\d more\)$/,
    );
    expect(sentence`${[long, long]}`.text).toHaveLength(2 * 200 + 2 * ' …" (4802 more characters)'.length - 2 + 2);
  });
});
