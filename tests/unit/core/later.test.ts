import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inBackground } from '../../../src/core/in-background.ts';
import { later, loadingLater } from '../../../src/core/later.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

/** What is not this server while it serves: the command line, the sandbox, and what runs once at a start. */
const ELSEWHERE = /^(cli|sandbox)\/|^[\w-]+\.ts$|^server\/(metrics|shared-state)\.ts$/;
/** A module that is loaded by a statement, and whether that is handed over to be loaded in the background. */
const LOADED = /(?<!typeof )(?<!later\(\(\) => )\bimport\(/;

describe('what is loaded later', () => {
  verifies(
    'start.lean',
    'is loaded once, by who asks first or in the background, and one failure stops no other',
    async () => {
      const loads: string[] = [];
      const load = async (name: string) => loads.push(name);
      const asked = later(() => load('asked'));
      const broken = later(() => Promise.reject(new Error('is not there')));
      const unasked = later(() => load('unasked'));
      expect(loads).toEqual([]);
      const both = await Promise.all([asked(), asked()]);
      expect(both).toEqual([1, 1]);
      expect(loads).toEqual(['asked']);
      await inBackground(loadingLater(), new AbortController().signal);
      expect(loads).toEqual(['asked', 'unasked']);
      await expect(broken()).rejects.toThrow('is not there');
      expect(await unasked()).toBe(2);
      expect(loads).toHaveLength(2);
    },
  );

  verifies(
    'start.lean',
    'is all that a call could be the first to load: a process without files left loads nothing',
    () => {
      const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
      const serving = files.filter((file) => file.endsWith('.ts') && !ELSEWHERE.test(file));
      expect(serving).toContain('outgoing/external.ts');
      const text = (file: string) => readFileSync(join(ROOT, 'src', file), 'utf8');
      expect(serving.filter((file) => LOADED.test(text(file)))).toEqual([]);
    },
  );
});
