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
    const { text } =
      sentence`Write ${long}, ${{ a: long, b: 'seen' }}, ${Array.from({ length: 500 }, () => 'role')}, ${'admin'}.`;
    const [x, y] = [/"x{197}…x{65}" \(4738 more characters\)/, /\{"a":"x{1499}…x{499}", "b":"seen"\}/];
    expect(text).toMatch(new RegExp(`^Write ${x.source}, ${y.source}, "role", .* "role", "admin"\\.$`));
    expect(sentence`${`${'x'.repeat(196)}😀${long}`}`.text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(sentence`${`${long}😀${'x'.repeat(64)}`}`.text).not.toMatch(/(?<![\ud800-\udbff])[\udc00-\udfff]/);
    expect(sentence`${'x'.repeat(282)}`.text).toBe(`"${'x'.repeat(282)}"`);
  });

  it('shows each entry of a list, however long those before it are', () => {
    const longOnes = (length: number, count: number) => Array.from({ length: count }, () => 'c'.repeat(length));
    for (const values of [longOnes(250, 40), longOnes(2_000, 99), longOnes(30, 99)]) {
      const { text } = sentence`${[...values, 'evil']}`;
      expect(text).toMatch(/, "evil"$/);
      expect(text.length).toBeLessThan(6_000);
      const claims = Object.fromEntries(values.map((value, i) => [`claim-${i}`, value]));
      expect(sentence`${{ ...claims, role: 'admin' }}`.text).toMatch(/, "role":"admin"\}$/);
    }
    const scopes = Array.from({ length: 400 }, (_, i) => `scope-number-${i}`);
    expect(sentence`${scopes}`.text).toBe(JSON.stringify(scopes).slice(1, -1).replaceAll(',', ', '));
  });

  it('shows each value of what is in lists and objects, at all levels', () => {
    const padding = Array.from({ length: 30 }, (_, i) => `harmless-${i}-${'c'.repeat(200)}`);
    const nested = { a: { padding, uri: 'https://evil.example/token' }, b: [{ padding, role: 'admin' }], c: undefined };
    for (const { text } of [sentence`${nested}`, sentence`${[nested, nested]}`]) {
      expect(text).toMatch(/"uri":"https:\/\/evil\.example\/token"\}, "b":\[\{.*"role":"admin"\}\]\}$/);
      for (let i = 0; i < padding.length; i++) expect(text).toContain(`"harmless-${i}-`);
      expect(text.length).toBeLessThan(9_000);
    }
    const tools = sentence`"harmless" (${Array(99).fill('t'.repeat(90))})`;
    expect(sentence`${[tools, sentence`${'payroll'} (${['pay']})`]}`.text).toMatch(/\), "payroll" \("pay"\)$/);
  });

  it('is made in time that grows with the depth of a value as with its length', () => {
    let deep: unknown = 'x'.repeat(5_000);
    for (let level = 0; level < 1_000; level++) deep = [deep, { a: level }];
    expect(sentence`${deep as never}`.text).toMatch(/^\[{999}"x+…x+", \{"a":0\}\], .*\{"a":999\}$/);
  });

  it('lets nothing that is cut pass for a part of it', () => {
    for (let length = 250; length < 330; length++) {
      const { text } = sentence`${`${'x'.repeat(length)}${'\\"" '.repeat(400)}${'y'.repeat(length % 70)}`}`;
      const quoted = text.replace(/ \(\d+ more characters\)$/, '').replace('…', '');
      expect(() => JSON.parse(quoted)).not.toThrow();
    }
  });

  it('shows the end of a long host, which says whose it is', () => {
    const padding = Array.from({ length: 3 }, () => 'a'.repeat(60)).join('.');
    const host = `login.good.example.${padding}.evil.example`;
    for (const value of [
      `https://${host}:8443/${'c'.repeat(90)}`,
      `ada@${host}`,
      host,
      `app://${host}?x`,
      `https://${host}/${'"'.repeat(90)}`,
      `app://login.good.example"${host}?"\\"\n`,
      `"a\\"b@c"@${host}`,
    ]) {
      const many = Array(60).fill(value);
      for (const { text } of [sentence`${value}`, sentence`${many}`, sentence`${{ a: value, b: value }}`]) {
        const shown = text.split(/(?<=[^\\]"), |,(?=")/);
        for (const each of shown) expect(each).toMatch(/\.evil\.example[:/?…"]/);
      }
    }
    const template = `https://login.good.example.{{domain}}${'b'.repeat(300)}.evil.example/${'c'.repeat(300)}`;
    expect(sentence`${template}`.text).toContain('.evil.example/');
    expect(sentence`${`https://good.example/${'c'.repeat(300)}.evil.example`}`.text).toMatch(
      /^"https:\/\/good\.example\/c+…"/,
    );
  });
});
