import { parse as parseJsonc } from 'jsonc-parser';
import { describe, expect } from 'vitest';
import { entriesIn, withEntry, withoutEntry } from '../../../src/install/entries.ts';
import { verifies } from '../../verifies.ts';

const JSON_FORM = { format: 'json', member: 'mcpServers' } as const;
const TOML_FORM = { format: 'toml', member: 'mcp_servers' } as const;
const YAML_FORM = { format: 'yaml', member: 'extensions' } as const;
const ENTRY = { url: 'https://mcp.acme.example/mcp' };

describe('JSON', () => {
  verifies.each('install.kept', [
    ['{}', '{\n  "mcpServers": {\n    "scalekit": {\n      "url": "https://mcp.acme.example/mcp"\n    }\n  }\n}'],
    ['{"a":1}', '{"a":1, "mcpServers": {"scalekit":{"url":"https://mcp.acme.example/mcp"}}}'],
    ['\ufeff{"mcpServers":{}}', undefined],
    ['{\n  "mcpServers": {\n    // none yet\n  }\n}\n', undefined],
    ['{\n "mcpServers": { "b": {} } // behind\n}\n', undefined],
    ['{\n "mcpServers": {\n  "b": {} /* it */\n }\n}\n', undefined],
    ['{\n "mcpServers": {\n  "b": {}, // it\n },\n}\n', undefined],
    ['{\n "mcpServers": {\n  "b": {} // it\n  // end\n }\n}\n', undefined],
    ['// only this\n{ /* empty */ }', undefined],
  ] as const)('gets an entry and loses it, and every comment stays where it was: %j', (before, wanted) => {
    const after = withEntry(before, JSON_FORM, 'scalekit', ENTRY) ?? '';
    if (wanted !== undefined) expect(after).toBe(wanted);
    expect(entriesIn(after, JSON_FORM).get('scalekit')).toEqual(ENTRY);
    for (const [comment] of before.matchAll(/\/\/.*|\/\*.*?\*\//g)) expect(after).toContain(comment);
    const again = withoutEntry(after, JSON_FORM, 'scalekit') ?? '';
    expect(entriesIn(again, JSON_FORM).has('scalekit')).toBe(false);
    for (const [comment] of before.matchAll(/\/\/.*|\/\*.*?\*\//g)) expect(again).toContain(comment);
    expect(parseJsonc(again.replace('\ufeff', ''))).toMatchObject(parseJsonc(before.replace('\ufeff', '')));
  });

  const DEEPER = { format: 'json', member: ['projects', '/a', 'mcpServers'] } as const;

  verifies.each('install.kept', [
    '{}',
    '{\n  "projects": {}\n}\n',
    '{\n  "projects": {\n    "/b": { "mcpServers": {} }, // b\n    "/a": { "allowed": [] }\n  }\n}\n',
    '{\n  "projects": {\n    "/a": {\n      "mcpServers": { "o": {} } // o\n    }\n  }\n}\n',
  ])('gets and loses an entry further down: %j', (before) => {
    const after = withEntry(before, DEEPER, 'scalekit', ENTRY) ?? '';
    expect(entriesIn(after, DEEPER).get('scalekit')).toEqual(ENTRY);
    for (const [comment] of before.matchAll(/\/\/.*/g)) expect(after).toContain(comment);
    const again = withoutEntry(after, DEEPER, 'scalekit') ?? '';
    expect(entriesIn(again, DEEPER).has('scalekit')).toBe(false);
    expect(parseJsonc(again)).toMatchObject(parseJsonc(before));
  });

  verifies('install.broken', 'is refused when a member is there twice on the way to an entry', () => {
    for (const text of [
      '{"projects": {"/a": {"mcpServers": {}, "mcpServers": {}}}}',
      '{"projects": {"/a": {"mcpServers": {"b": {}, "b": {}}}}}',
      '{"projects": {"/a": {}, "/a": {}}}',
    ]) {
      expect(() => entriesIn(text, DEEPER)).toThrow('a member is there twice');
    }
    expect(() => entriesIn('{"projects": {"/a": {"mcpServers": []}}}', DEEPER)).toThrow('something other');
  });

  verifies('install.kept', 'loses the first, the middle and the last of several', () => {
    const text = '{\n  "mcpServers": {\n    "a": {}, // a\n    "b": {}, // b\n    "c": {} // c\n  }\n}\n';
    const without = (name: string) => withoutEntry(text, JSON_FORM, name) ?? '';
    expect(without('a')).toContain('    "b": {}, // b\n    "c": {} // c\n');
    expect(without('c')).toContain('    "a": {}, // a\n    "b": {} // b\n');
    for (const name of ['a', 'b', 'c']) {
      expect([...entriesIn(without(name), JSON_FORM).keys()]).toEqual(['a', 'b', 'c'].filter((one) => one !== name));
    }
  });

  verifies.each('install.broken', [
    ['{\n"mcpServers": {\n', 'no JSON'],
    ['{"a": 1,,}', 'in line 1'],
    ['[]', 'no JSON object'],
    ['// nothing', 'no JSON'],
    ['{"mcpServers": {}, "mcpServers": {"x": {}}}', 'twice'],
    ['{"mcpServers": {"x": {}, "x": {}}}', 'twice'],
    ['{"mcpServers": []}', 'something other'],
    [`{"mcpServers": ${'['.repeat(200_000)}`, 'too deeply'],
    [`{"mcpServers": {"x": ${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}}}`, 'too deeply'],
  ])('that is broken is refused: %.40s', (text, why) => {
    expect(() => withEntry(text, JSON_FORM, 'scalekit', ENTRY)).toThrow(new RegExp(why));
    expect(() => withoutEntry(text, JSON_FORM, 'scalekit')).toThrow(new RegExp(why));
  });
});

describe('TOML', () => {
  verifies('install.kept', 'loses the table, those in it and nothing else', () => {
    const before = '# a\n[mcp_servers.b]\nurl = "x" # y\n';
    const after = withEntry(before, TOML_FORM, 'scalekit', ENTRY) ?? '';
    expect(after).toBe(`${before}\n[mcp_servers.scalekit]\nurl = "https://mcp.acme.example/mcp"\n`);
    const withMore = `${after}[mcp_servers.scalekit.http_headers]\na = "b"\n\n[ui]\nx = 1\n`;
    expect(withoutEntry(withMore, TOML_FORM, 'scalekit')).toBe(`${before}[ui]\nx = 1\n`);
  });

  verifies('install.by-hand', 'in a form whose lines cannot be told apart is left to people', () => {
    for (const text of ['mcp_servers = { scalekit = { url = "x" } }\n', 'mcp_servers.scalekit.url = "x"\n']) {
      expect(withoutEntry(text, TOML_FORM, 'scalekit')).toBeUndefined();
      expect(withEntry(text, TOML_FORM, 'scalekit', ENTRY)).toBeUndefined();
    }
    const inText = 'note = """\n[mcp_servers.scalekit]\n"""\n';
    expect(entriesIn(withEntry(inText, TOML_FORM, 'scalekit', ENTRY) ?? inText, TOML_FORM).has('scalekit')).toBe(false);
  });

  verifies.each('install.broken', ['a = ', '[a]\n[a]', 'a = 1\na = 2'])('that is broken is refused: %j', (text) => {
    expect(() => withEntry(text, TOML_FORM, 'scalekit', ENTRY)).toThrow(/no TOML, in line \d/);
  });

  verifies.each('install.broken', [
    ['keys', `a${'.a'.repeat(50_000)} = 1\n`],
    ['tables', `[a${'.a'.repeat(50_000)}]\n`],
    ['lists', `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`],
    ['braces', `a = ${'{a='.repeat(5_000)}1${'}'.repeat(5_000)}\n`],
  ])('that is too deep is refused: %s', (_, text) => {
    for (const change of [withEntry, entriesIn]) {
      expect(() => change(text, TOML_FORM, 'scalekit', ENTRY)).toThrow(/too deeply/);
    }
    expect(() => withoutEntry(text, TOML_FORM, 'scalekit')).toThrow(/too deeply/);
  });
});

describe('YAML', () => {
  const ENTRY_OF_GOOSE = { name: 'scalekit', type: 'streamable_http', uri: ENTRY.url, enabled: true, timeout: 300 };

  verifies.each('install.kept', [
    '',
    'a: 1',
    '# c\nextensions:\n  b:\n    uri: x # y\n\n# d\nother: [1,  2]\n',
    'extensions:\n- no\n',
    'extensions:\n    b: {uri: x}\n',
  ])('gets an entry and loses it, line by line: %j', (before) => {
    if (before.includes('- no')) {
      expect(() => withEntry(before, YAML_FORM, 'scalekit', ENTRY_OF_GOOSE)).toThrow('something other');
      return;
    }
    const after = withEntry(before, YAML_FORM, 'scalekit', ENTRY_OF_GOOSE) ?? '';
    expect(entriesIn(after, YAML_FORM).get('scalekit')).toEqual(ENTRY_OF_GOOSE);
    for (const line of before.split('\n')) expect(after.split('\n')).toContain(line);
    if (before.includes('extensions')) expect(withoutEntry(after, YAML_FORM, 'scalekit')).toBe(before);
  });

  verifies.each('install.broken', [
    ['lists in a line', `a:\n  ${'- '.repeat(20_000)}x\n`],
    ['keys in a line', `${'? '.repeat(20_000)}x\n`],
    ['values in a line', `${'? : '.repeat(10_000)}x\n`],
    ['lists in brackets', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`],
    ['members in braces', `a: ${'{a: '.repeat(10_000)}${'}'.repeat(10_000)}\n`],
    ['pairs in brackets', `a: [${'a: '.repeat(20_000)}b]\n`],
    ['lists behind a bracket that nothing closes', `a: [\n---\n${'- '.repeat(20_000)}x\n`],
    ['lists behind a bracket that nothing opens', `]\n${'- '.repeat(20_000)}x\n`],
    ['lines', Array.from({ length: 400 }, (_, at) => `${' '.repeat(at)}a:\n`).join('')],
  ])('that is too deep is refused: %s', (_, text) => {
    expect(() => withEntry(text, YAML_FORM, 'scalekit', ENTRY_OF_GOOSE)).toThrow(/too deeply/);
  });

  verifies('install.kept', 'may be indented and nested as people do, and hold texts of any form', () => {
    const before = [
      'extensions:',
      '    b:',
      "        args: [[a, {c: 'd]'}], e: f]",
      '        prompt: |',
      ...Array.from({ length: 300 }, (_, at) => `            ${' '.repeat(at)}- - ? [ {`),
      'other: >-',
      `    ${'- [ '.repeat(300)}`,
      `list: [${'{a: 1}, '.repeat(300)}[]]`,
      `keys: {${Array.from({ length: 300 }, (_, at) => `k${at}: ${at}`).join(', ')}}`,
      ...Array.from({ length: 300 }, (_, at) => `m${at}: "x: y"`),
      '',
    ].join('\n');
    const after = withEntry(before, YAML_FORM, 'scalekit', ENTRY_OF_GOOSE) ?? '';
    expect([...entriesIn(after, YAML_FORM).keys()]).toEqual(['b', 'scalekit']);
    expect(withoutEntry(after, YAML_FORM, 'scalekit')).toBe(before);
  });

  verifies('install.by-hand', 'written in braces is left to people', () => {
    expect(withEntry('extensions: {b: {uri: x}}\n', YAML_FORM, 'scalekit', ENTRY_OF_GOOSE)).toBeUndefined();
  });

  verifies.each('install.broken', [
    ['a: [', 'no YAML, in line \\d'],
    ['- a', 'no members'],
    ['extensions: 1', 'something other'],
    ['a:\n  b: 1\n  c: 2\n  b: 3\n', 'twice, in line 4'],
    [`a:\n${Array.from({ length: 200 }, (_, at) => `  - &a${at} x\n  - *a${at}\n`).join('')}`, 'aliases'],
    [`a: "${'x'.repeat(200_000)}"\n`, 'longer than'],
    [
      `a: &a [x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*${at ? `b${at - 1}` : 'a'}, *${at ? `b${at - 1}` : 'a'}]`).join('\n')}\n`,
      'aliases',
    ],
  ])('that is broken is refused: %.20s', (text, why) => {
    expect(() => withEntry(text, YAML_FORM, 'scalekit', ENTRY_OF_GOOSE)).toThrow(new RegExp(why));
  });
});
