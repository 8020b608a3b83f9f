import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { documentOf } from '../../../src/views/document.ts';
import { verifies } from '../../verifies.ts';

/** The largest document, in bytes. Hosts read it for each result that they show. */
const LARGEST = 30_000;

describe.each(['status', 'preview'])('the document of the view %s', (name) => {
  const html = documentOf('A title', name);
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)?.[1] ?? '';

  verifies('views.whole', 'names nothing outside of it', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(LARGEST);
    expect(html).not.toMatch(/https?:|\bsrc=|\bhref=|@import|url\(|\bimport\b.*from|\bstyle=|\son[a-z]+=/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<style/g)).toHaveLength(1);
  });

  verifies('views.whole', 'lets its own script and style in, by their digests, and nothing else', () => {
    const digestOf = (pattern: RegExp) =>
      createHash('sha256')
        .update(pattern.exec(html)?.[1] ?? '')
        .digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${digestOf(/<script type="module">([\s\S]*)<\/script>/)}'`,
      `style-src 'sha256-${digestOf(/<style>([\s\S]*)<\/style>/)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // The policy holds for what follows it alone.
    expect(html.indexOf('http-equiv')).toBeLessThan(html.search(/<(?:style|script)/));
  });

  verifies('views.shown', 'has no way in its script to make markup of a text', () => {
    expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc/);
  });
});
