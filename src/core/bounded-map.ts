import { LRUCache } from 'lru-cache';

/**
 * A map that forgets the entry that was used longest ago rather than hold more than `entries` of them.
 *
 * It is bounded by size, with a size of 1 for each entry, because a cache that is bounded by `max` allocates arrays for
 * that many entries when it is made. This one grows with what it holds.
 * @param dispose called with each entry that leaves it, and why
 */
export function boundedMap<Key extends {}, Value extends {}>(
  entries: number,
  dispose?: LRUCache.Disposer<Key, Value>,
): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: entries, sizeCalculation: () => 1, ...(dispose !== undefined && { dispose }) });
}
