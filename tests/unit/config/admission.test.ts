import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { verifies } from '../../verifies.ts';

const SENTENCES =
  'ALLOWED_CLIENTS admits everybody who can sign in through those clients, and the ids of public clients are no secret. Set it alone only for confidential machine clients; otherwise set ALLOWED_ORGANIZATIONS or ALLOWED_SUBJECTS as well.';

verifies.each('config.public-clients', ['README.md', '.env.example', 'SECURITY.md'])(
  '%s says whom a list of clients admits',
  (file) => {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(text.replaceAll(/^# |`/gm, '').replaceAll(/\s+/g, ' ')).toContain(SENTENCES);
  },
);
