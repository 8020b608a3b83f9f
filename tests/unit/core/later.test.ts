import { describe, expect } from 'vitest';
import { inBackground } from '../../../src/core/in-background.ts';
import { later, loadingLater } from '../../../src/core/later.ts';
import { verifies } from '../../verifies.ts';

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
});
