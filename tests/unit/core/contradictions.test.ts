import { assertType, it } from 'vitest';
import { z } from 'zod';
import { sentence } from '../../../src/core/sentence.ts';
import type { Place } from '../../../src/core/tool.ts';
import type { Verbs } from '../../../src/core/verbs.ts';
import { path } from '../../../src/platform/path.ts';
import { verifies } from '../../verifies.ts';

// The compiler checks these: an expected error that does not come is one. Nothing of it runs.
const declared = <P extends Place>(declare: (t: Verbs<P>) => unknown) => assertType<unknown>(declare);

const Thing = z.object({ id: z.string() });
const base = { description: 'D', run: () => ({}) };
const one = { ...base, output: { thing: Thing } };
const does = () => sentence`Do it.`;
const loss = { shows: { thing: Thing }, stopsWorking: 'The thing.' };
const act = { ...one, does };
const many = { ...base, of: { things: Thing } };

verifies('types.environment', 'run gets the arguments of its input as they were checked, and no others', () => {
  declared<'environment'>((t) => [
    t.read('get_thing', {
      ...one,
      input: { limit: z.int().optional(), kind: z.enum(['a', 'b']).default('a') },
      run: (args) => {
        const limit: number | undefined = args.limit;
        const kind: 'a' | 'b' = args.kind;
        // @ts-expect-error: an int is no string.
        const text: string | undefined = args.limit;
        // @ts-expect-error: the surface keeps it.
        const environment = args.environmentId;
        return { limit, kind, text, environment };
      },
    }),
    // @ts-expect-error: it takes no arguments.
    t.read('get_all', { ...one, run: ({ limit }) => limit }),
    // @ts-expect-error: without `pages` there is no page.
    t.list('list_all', { ...many, run: ({ page }) => page }),
    t.list('list_things', { ...many, pages: 10, run: ({ page }) => page.page_size }),
    // @ts-expect-error: a list does not see how its page was asked for.
    t.list('list_others', { ...many, pages: 10, run: ({ pageSize }) => pageSize }),
  ]);
});

it('contradictions do not compile', () => {
  declared<'environment'>((t) => [
    // @ts-expect-error: the surface adds it.
    t.read('argument_environment', { ...one, input: { environmentId: z.string() } }),
    // @ts-expect-error: the surface adds it.
    t.overwrite('argument_confirmation', { ...act, input: { confirmation: z.string() } }),
    // @ts-expect-error: paging is for lists.
    t.read('argument_token', { ...one, input: { pageToken: z.string() } }),
    // @ts-expect-error: lists bring their own.
    t.list('argument_size', { ...many, input: { pageSize: z.int() } }),
    // @ts-expect-error: paging is for lists.
    t.read('output_token', { ...base, output: { next_page_token: z.string() } }),
    // @ts-expect-error: lists bring their own.
    t.list('output_truncated', { ...base, of: { truncated: z.boolean() } }),
    // @ts-expect-error: what comes whole has no page tokens.
    t.list('list_token', { ...many, longestToken: 100 }),
    // @ts-expect-error: a list says what it is of.
    t.list('list_of_nothing', one),
    // @ts-expect-error: a read changes nothing, however often.
    t.read('read_repeatable', { ...one, repeatable: true }),
    // @ts-expect-error: that is so anyway.
    t.overwrite('overwrite_repeatable', { ...act, repeatable: true }),
    // @ts-expect-error: that is so anyway.
    t.add('add_once', { ...act, repeatable: false }),
    // @ts-expect-error: what changes something says what it is about to do.
    t.add('add_silently', one),
    // @ts-expect-error: only what destroys is confirmed.
    t.overwrite('overwrite_shows', { ...act, shows: { thing: Thing } }),
    // @ts-expect-error: what destroys shows what would be lost.
    t.destroy('destroy_blindly', act),
    // @ts-expect-error: what destroys says what stops working with it.
    t.destroy('destroy_silently', { ...act, shows: { thing: Thing }, show: () => ({}) }),
    // @ts-expect-error: the preview says so by itself.
    t.destroy('destroy_doubly', { ...act, ...loss, shows: { stops_working: z.string() }, show: () => ({}) }),
    t.destroy('destroy_well', { ...act, ...loss, show: () => ({}) }),
    // @ts-expect-error: what takes something away is confirmed.
    t.overwrite('remove_at_once', act),
    // @ts-expect-error: what takes something away is confirmed.
    t.overwrite('switch_at_once', act),
    // @ts-expect-error: what takes something away is confirmed.
    t.add('delete_at_once', act),
    // @ts-expect-error: what destroys shows what would be lost.
    t.remove('remove_blindly', {
      description: 'D',
      does,
      input: { id: z.string() },
      at: ({ id }) => path`/things/${id}`,
      listedBy: 'list_things',
    }),
    // @ts-expect-error: it has no such argument.
    t.add('elevated_unknown', { ...act, elevated: { argument: 'links', scope: 'environment:write' } }),
    t.add('elevated_text', {
      ...act,
      input: { links: z.string() },
      // @ts-expect-error: it is no boolean.
      elevated: { argument: 'links', scope: 'environment:write' },
    }),
    // @ts-expect-error: it yields no such member.
    t.add('discloses_unknown', { ...act, discloses: ['link.url'] }),
    // @ts-expect-error: the scope follows from the area, or is named.
    t.read('scope_twice', { ...one, scope: null, area: 'organization' }),
    // @ts-expect-error: there is no such scope.
    t.read('scope_unknown', { ...one, scope: 'organization:delete' }),
    // @ts-expect-error: the effect is the verb.
    t.read('read_effect', { ...one, effect: 'add' }),
  ]);
});

it('what acts in the workspace may have an environment as its argument', () => {
  const input = { environmentId: z.string() };
  declared<'workspace'>((t) => [
    t.read('get_environment', { ...one, input }),
    // @ts-expect-error: this one acts in an environment.
    t.read('get_inside', { ...one, place: 'environment', input }),
  ]);
});
