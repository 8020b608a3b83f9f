import { z } from 'zod';
import type { Resource, Skill } from '../core/content.ts';
import { toolset } from '../core/toolset.ts';
import { resource } from './resource.ts';

/** Documents change with a release alone, and are the same for everybody. */
const DOCUMENT_TTL_MS = 3_600_000;

/** The document of a skill as a resource. */
export function skillResource({ uri, name, title, description, tools: isAbout, text }: Skill): Resource {
  const { tools } = toolset('session', { area: 'workspace', place: 'workspace' }, (t) => [
    t.read(name.replaceAll('-', '_'), {
      description,
      scope: null,
      output: { text: z.string() },
      // This server's own text: what looks like a secret in it is a name beside the word, and its digest is published.
      discloses: ['text'],
      isWhole: true,
      run: () => ({ text }),
    }),
  ]);
  const mimeType = 'text/markdown';
  const reader = tools[0] as Resource['reader'];
  return resource({ uri, name, title, description, mimeType, reader, isAbout, isPublic: true, ttlMs: DOCUMENT_TTL_MS });
}
