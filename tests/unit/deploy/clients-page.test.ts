import { expect } from 'vitest';
import { read } from '../../fixtures/deployments.ts';
import { recordings, signIns } from '../../fixtures/recorded/read.ts';
import { verifies } from '../../verifies.ts';

verifies('client.recorded', 'docs/clients.md marks what is replayed, in its version, and nothing else', () => {
  const marked = [...read('docs/clients.md').matchAll(/^\| ([^|]*\d) \*[^|]*\|/gm)].map(([, name]) => String(name));
  const versionOf = (name: string) => /\d+(?:\.\d+)+/.exec(name)?.[0];
  expect(marked.map(versionOf).toSorted()).toEqual(
    recordings()
      .map(({ client }) => versionOf(client))
      .toSorted(),
  );
});

verifies('client.recorded-sign-in', 'docs/clients.md names those whose sign-in is replayed', () => {
  const [sentence = ''] = /So is what [\s\S]*? after a 403\./.exec(read('docs/clients.md')) ?? [];
  const names = signIns().map(({ client }) => String(/^[A-Za-z]+(?: Code)?/.exec(client)));
  expect(names.filter((name) => !sentence.includes(name))).toEqual([]);
});
