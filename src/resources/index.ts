import type { Content } from '../core/content.ts';
import { scalekitResources } from './scalekit.ts';

/** Everything that this server offers beside tools, in the order in which clients see it. */
export const content: Content = Object.freeze({ resources: [...scalekitResources], prompts: [], skills: [] });
