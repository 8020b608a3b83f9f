import { expect } from 'vitest';
import { read } from '../../fixtures/deployments.ts';
import { recordings } from '../../fixtures/recorded/read.ts';
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
