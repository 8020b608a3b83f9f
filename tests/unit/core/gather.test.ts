import { describe, expect } from 'vitest';
import { Gathering } from '../../../src/core/gather.ts';
import { verifies } from '../../verifies.ts';

const KIB = 1024;

/** Gathers a text in chunks of a size, each a view of a large piece of memory as sockets yield them. */
function gather(text: string, size: number, announced?: number) {
  const reserved: number[] = [];
  const gathering = new Gathering(announced, (bytes) => reserved.push(bytes));
  for (let i = 0; i < text.length; i += size) {
    const read = Buffer.alloc(64 * KIB);
    const length = read.write(text.slice(i, i + size));
    gathering.add(read.subarray(0, length));
  }
  return { bytes: gathering.bytes, reserved };
}

describe('the memory of a body', () => {
  verifies('limits.bodies', 'is what was reserved for its length, however small the pieces are', () => {
    const text = 'abc'.repeat(400);
    for (const size of [1, 7, 1199]) {
      const { bytes, reserved } = gather(text, size, text.length);
      expect(bytes.toString()).toBe(text);
      expect(bytes.buffer.byteLength).toBe(text.length);
      expect(new Set(reserved)).toEqual(new Set([text.length]));
    }
  });

  verifies('limits.bodies', 'is reserved before it grows where its length is not known', () => {
    const text = 'abcde'.repeat(20_000);
    const { bytes, reserved } = gather(text, 3000);
    expect(bytes.toString()).toBe(text);
    expect(bytes.buffer.byteLength).toBe(128 * KIB);
    expect(reserved).toEqual([16 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB]);
  });

  verifies('limits.bodies', 'is not taken when there is no room for it', () => {
    const gathering = new Gathering(undefined, (bytes) => {
      if (bytes > 16 * KIB) throw new Error('no room');
    });
    gathering.add(Buffer.alloc(16 * KIB));
    expect(() => gathering.add(Buffer.alloc(1))).toThrow('no room');
    expect(gathering.bytes.length).toBe(16 * KIB);
  });

  verifies('limits.bodies', 'is that in which it arrived when it arrives whole', () => {
    const chunk = Buffer.from('whole');
    const gathering = new Gathering(5, () => undefined);
    gathering.add(chunk);
    expect(gathering.bytes.buffer).toBe(chunk.buffer);
  });
});
