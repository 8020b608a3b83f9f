import { describe, expect, it } from 'vitest';
import { inGroups } from '../../../src/platform/tool-groups.ts';
import { verifies } from '../../verifies.ts';

describe('names of tools in groups', () => {
  it('are those of the connector, or of what they begin with', () => {
    const tool_names = ['gmail_send', 'slack_post', 'gmail_find', 7];
    expect(inGroups({ tool_names, total_size: 4 }, undefined)).toEqual({
      total_size: 4,
      groups: [
        { connector: 'gmail', tool_names: ['gmail_send', 'gmail_find'] },
        { connector: 'slack', tool_names: ['slack_post'] },
        { connector: '', tool_names: [7] },
      ],
    });
    expect(inGroups({ tool_names: ['a'] }, 'X')).toEqual({ groups: [{ connector: 'X', tool_names: ['a'] }] });
    expect(inGroups({ other: 1 }, 'X')).toEqual({ other: 1 });
  });

  verifies('text.linear-answers', 'take time in proportion to their number', () => {
    const cost = (count: number) => {
      const answer = { tool_names: Array.from({ length: count }, (_, i) => `alike_${i}`) };
      const costs = Array.from({ length: 7 }, () => {
        const began = process.cpuUsage();
        inGroups(answer, undefined);
        const { user, system } = process.cpuUsage(began);
        return user + system;
      });
      return Math.min(...costs);
    };
    cost(10_000);
    // Four times as many take sixteen times as long where each is compared with, or copied for, the others.
    expect(cost(160_000)).toBeLessThan(10 * Math.max(cost(40_000), 1_000));
  });
});
