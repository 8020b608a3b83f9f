import { z } from 'zod';
import { type Resource, VIEW_MIME_TYPE, viewUri } from '../core/content.ts';
import type { ViewName } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';
import { documentOf } from '../views/document.ts';
import { resource } from './resource.ts';

/** Documents change with a release alone, and are the same for everybody. */
const DOCUMENT_TTL_MS = 3_600_000;

/** What clients that support MCP Apps show beside results. */
export const viewResources: readonly Resource[] = [
  view('status', 'Status of an environment', 'Shows what get_status answers: counts, and what looks unfinished.'),
  view(
    'preview',
    'What a call would take away',
    'Shows the preview of a call that has to be confirmed, and lets the person decide.',
  ),
];

function view(name: ViewName, title: string, description: string): Resource {
  const text = documentOf(title, name);
  const { tools } = toolset('session', { area: 'workspace', place: 'workspace' }, (t) => [
    t.read(`${name}_view`, {
      description,
      scope: null,
      output: { text: z.string() },
      // This server's own text, whose digests its policy names.
      discloses: ['text'],
      isWhole: true,
      run: () => ({ text }),
    }),
  ]);
  return resource({
    uri: viewUri(name),
    name: `${name}_view`,
    title,
    description,
    mimeType: VIEW_MIME_TYPE,
    reader: tools[0] as Resource['reader'],
    view: name,
    isPublic: true,
    ttlMs: DOCUMENT_TTL_MS,
  });
}
