import { describe, expect } from 'vitest';
import { AnswerBudget, NoRoomForAnswer, SMALL_ANSWER_BYTES } from '../../../src/outgoing/answer-budget.ts';
import { verifies } from '../../verifies.ts';

const KIB = 1024;

describe('room for long answers', () => {
  verifies('api.answers-in-memory', 'is taken as they grow, from the first byte once they are long', () => {
    const budget = new AnswerBudget(1000 * KIB, 500 * KIB);
    const room = budget.room('a');
    room.grow(0, SMALL_ANSWER_BYTES);
    expect(budget.held).toBe(0);
    room.grow(SMALL_ANSWER_BYTES, 100 * KIB);
    expect(budget.held).toBe(100 * KIB);
    room.grow(100 * KIB, 150 * KIB);
    expect(budget.held).toBe(150 * KIB);
    room.release();
    expect(budget.held).toBe(0);
  });

  verifies('api.answers-in-memory', 'is one for all answers of a call and all calls of a person', () => {
    const budget = new AnswerBudget(1000 * KIB, 500 * KIB);
    const [one, other] = [budget.room('a'), budget.room('a')];
    one.grow(0, 200 * KIB);
    one.grow(0, 200 * KIB);
    expect(() => other.grow(0, 101 * KIB)).toThrow(NoRoomForAnswer);
    other.grow(0, 100 * KIB);
    expect(budget.held).toBe(500 * KIB);
    one.release();
    other.grow(0, 300 * KIB);
    expect(budget.held).toBe(400 * KIB);
  });

  verifies('api.answers-in-memory', 'is bounded for everybody together, and short answers need none', () => {
    const budget = new AnswerBudget(1000 * KIB, 500 * KIB);
    for (const person of ['a', 'b']) budget.room(person).grow(0, 500 * KIB);
    const third = budget.room('c');
    third.grow(0, SMALL_ANSWER_BYTES);
    expect(() => third.grow(SMALL_ANSWER_BYTES, SMALL_ANSWER_BYTES + 1)).toThrow(NoRoomForAnswer);
  });

  verifies('api.answers-in-memory', 'is given back by an answer that has failed on its way', () => {
    const budget = new AnswerBudget(1000 * KIB, 500 * KIB);
    const room = budget.room('a');
    room.grow(0, 100 * KIB);
    room.grow(0, 300 * KIB);
    room.drop(300 * KIB);
    room.drop(SMALL_ANSWER_BYTES);
    expect(budget.held).toBe(100 * KIB);
    room.grow(0, 400 * KIB);
    room.release();
    room.drop(400 * KIB);
    expect(budget.held).toBe(0);
  });

  verifies('api.answers-in-memory', 'is not taken by a call that is over', () => {
    const budget = new AnswerBudget(1000 * KIB, 500 * KIB);
    const room = budget.room('a');
    room.release();
    room.grow(0, 200 * KIB);
    expect(budget.held).toBe(0);
  });
});
