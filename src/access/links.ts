import type { ResourceLink } from '../core/content.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type Authorized, authorize } from './authorize.ts';

/** What ids of the platform look like. Anything else, such as what redaction left of one, is no part of a link. */
const ID = /^[\w-]{1,128}$/;

/**
 * The resources under which a client finds again what a call has made or changed. Each is one that this caller may read on
 * this surface: `authorize` is asked, as it will be when the link is followed.
 * @param data the result of the call, as the client gets it
 */
export function linksFor(
  { caller, surface, entry, environment, subject }: Authorized,
  data: JsonObject,
): ResourceLink[] {
  if (subject !== undefined) return [];
  const entries = surface.content.linked.get(entry.tool.name) ?? [];
  return entries.flatMap(({ resource, template }) => {
    const { member, variable } = resource.linkedFrom ?? {};
    const shown = member === undefined ? undefined : data[member];
    const id = isObject(shown) ? shown['id'] : undefined;
    if (variable === undefined || typeof id !== 'string' || !ID.test(id)) return [];
    const own = environment?.kind === 'named' ? { environmentId: environment.id } : {};
    const uri = template.expand({ ...own, [variable]: id });
    if (
      uri === undefined ||
      authorize(caller, surface, { method: 'resources/read', params: { uri } }).kind !== 'call'
    ) {
      return [];
    }
    const { name, title, mimeType } = resource;
    return [{ uri, name, title, mimeType }];
  });
}
