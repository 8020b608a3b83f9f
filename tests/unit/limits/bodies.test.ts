import { describe, expect } from 'vitest';
import { BodyBudget, NoRoom, type Reservation } from '../../../src/limits/bodies.ts';
import { verifies } from '../../verifies.ts';

const KIB = 1024;
const [MAX, MAX_PER_PERSON] = [1024 * KIB, 512 * KIB];
const budget = () => new BodyBudget(MAX, MAX_PER_PERSON);

/** Receives bodies of a person until there is no room for another one. */
function fill(bodies: BodyBudget, person: string, bytes: number) {
  const held: Reservation[] = [];
  for (;;) {
    const room = bodies.reservation(person);
    try {
      room.receiving(bytes);
    } catch (error) {
      if (error instanceof NoRoom) return { held, exceeded: error.exceeded };
      throw error;
    }
    held.push(room);
  }
}

describe('the memory for bodies', () => {
  verifies('limits.bodies', 'is limited for each person and in all', () => {
    const bodies = budget();
    expect(fill(bodies, 'anna', 64 * KIB)).toMatchObject({ held: { length: 8 }, exceeded: 'caller' });
    expect(fill(bodies, 'ben', 64 * KIB)).toMatchObject({ held: { length: 8 }, exceeded: 'caller' });
    expect(fill(bodies, 'cleo', 64 * KIB)).toMatchObject({ held: { length: 0 }, exceeded: 'all' });
    expect(bodies.held).toBe(MAX);
  });

  verifies('limits.bodies', 'has room for others when large bodies have taken their half of it', () => {
    const bodies = budget();
    expect(fill(bodies, 'anna', 256 * KIB)).toMatchObject({ held: { length: 1 }, exceeded: 'caller' });
    expect(fill(bodies, 'ben', 256 * KIB)).toMatchObject({ held: { length: 1 } });
    expect(fill(bodies, 'cleo', 65 * KIB)).toMatchObject({ held: { length: 0 }, exceeded: 'all' });
    expect(fill(bodies, 'cleo', 64 * KIB)).toMatchObject({ held: { length: 8 } });
  });

  verifies('limits.bodies', 'counts something for a body of which nothing comes', () => {
    expect(fill(budget(), 'anna', 0).held.length).toBe(MAX_PER_PERSON / (16 * KIB));
  });

  verifies('limits.bodies', 'is held as a body grows, is less once it is there, and is given back once', () => {
    const bodies = budget();
    const room = bodies.reservation('anna');
    for (const bytes of [16, 32, 64, 128]) room.receiving(bytes * KIB);
    expect(bodies.held).toBe(128 * KIB);
    expect(() => room.receiving(512 * KIB)).toThrow(NoRoom);
    expect(bodies.held).toBe(128 * KIB);
    room.received(100);
    expect(bodies.held).toBe(100);
    room.release();
    room.release();
    expect(bodies.held).toBe(0);
    expect(fill(bodies, 'anna', 256 * KIB).held.length).toBe(1);
  });
});
