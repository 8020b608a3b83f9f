import type { Content } from '../core/content.ts';
import { prompts, skills } from '../prompts/index.ts';
import { docsResources } from './docs.ts';
import { scalekitResources } from './scalekit.ts';
import { skillResource } from './skill.ts';
import { viewResources } from './views.ts';

/** Everything that this server offers beside tools, in the order in which clients see it. */
export const content: Content = Object.freeze({
  resources: [...docsResources, ...scalekitResources, ...skills.map(skillResource), ...viewResources],
  prompts,
  skills,
});
