import { describe, expect } from 'vitest';
import { jobSkills, prompts } from '../../../src/prompts/index.ts';
import { toolsIn } from '../../../src/prompts/job.ts';
import { catalogue } from '../../../src/tools/index.ts';
import { verifies } from '../../verifies.ts';

const TOOLS = new Map(catalogue.map((tool) => [tool.name, tool]));
const NO_FACTS = { values: new Map(), hindrances: new Map(), environment: undefined };

describe.each(prompts.map((prompt) => [prompt.name, prompt] as const))('the prompt %s', (_name, prompt) => {
  verifies('prompts.tools', 'names tools of the catalogue, and all that its text names', () => {
    expect(prompt.tools.length).toBeGreaterThan(3);
    expect(prompt.tools.filter((name) => !TOOLS.has(name))).toEqual([]);
    const text = prompt.write(NO_FACTS);
    expect(toolsIn([text]).filter((name) => !TOOLS.has(name))).toEqual([]);
    // Names of tools are nowhere in plain words alone, where no test would miss them.
    const plain = [...text.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)].map(([word]) => word);
    expect(plain.filter((word) => TOOLS.has(word) && !toolsIn([text]).includes(word))).toEqual([]);
  });

  verifies('prompts.text', 'says goal, environment, steps, care and end in at most 1,200 words', () => {
    const text = prompt.write(NO_FACTS);
    for (const part of ['Steps:\n1. ', 'Take care:\n- ', 'Done when: ', '`list_environments`']) {
      expect(text).toContain(part);
    }
    expect(text.split(/\s+/).length).toBeLessThan(1_200);
    expect(text).not.toContain('Not possible');
  });

  verifies('prompts.text', 'holds the values of its arguments as JSON strings', () => {
    const values = new Map(prompt.arguments.map(({ name }) => [name, `"${name}" value`]));
    const text = prompt.write({ ...NO_FACTS, values });
    for (const value of values.values()) expect(text).toContain(JSON.stringify(value));
  });

  verifies('prompts.text', 'says what keeps the caller from a tool', () => {
    const [tool = ''] = prompt.tools;
    const text = prompt.write({ ...NO_FACTS, hindrances: new Map([[tool, 'because of a test']]) });
    expect(text).toContain(`- \`${tool}\`: because of a test.`);
  });
});

verifies('skills.jobs', 'there is a skill for each job, with the same steps', () => {
  expect(jobSkills.map(({ name }) => name.replaceAll('-', '_'))).toEqual(prompts.map(({ name }) => name));
  for (const [i, skill] of jobSkills.entries()) {
    expect(skill.tools).toEqual(expect.arrayContaining([...(prompts[i]?.tools ?? [])]));
  }
});
