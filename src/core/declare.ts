import { z } from 'zod';
import { requireGone } from './after-write.ts';
import type { Path } from './api.ts';
import { type Paging, paged, pageInfo, pagingArguments } from './paging.ts';
import type { Area, Scope } from './scope.ts';
import { titleOf } from './title.ts';
import type { Effect, OptIn, Place, Shape, Tool, ViewName } from './tool.ts';
import type { ToolsetDefaults, Verbs } from './verbs.ts';

/** A tool definition without the types of its arguments. `Verbs` says which members belong to which verb. */
interface Definition extends Paging {
  readonly title?: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly place?: Place;
  readonly needsWorkspaceToken?: boolean;
  readonly area?: Area;
  readonly scope?: Scope | null;
  readonly alsoNeeds?: readonly Scope[];
  readonly openWorld?: true;
  readonly repeatable?: boolean;
  readonly optIn?: OptIn;
  readonly elevated?: { readonly argument: string; readonly scope: Scope };
  readonly discloses?: readonly string[];
  readonly publishes?: readonly string[];
  readonly alwaysLoad?: true;
  readonly foundBy?: string;
  readonly view?: ViewName;
  readonly rare?: boolean;
  readonly standsForAnother?: true;
  readonly patient?: true;
  readonly reportsProgress?: true;
  readonly isWhole?: true;
  readonly namesAsShown?: readonly string[];
  readonly does?: Tool['does'];
  readonly input?: Shape;
}
interface CallDefinition extends Definition {
  readonly output: Shape;
  readonly run: Tool['run'];
}
interface ListDefinition extends Definition {
  readonly of: Shape;
  readonly instead?: Shape;
  readonly run: Tool['run'];
}
interface DestroyDefinition extends CallDefinition {
  readonly shows: Shape;
  readonly stopsWorking: string;
  readonly comesAndGoes?: readonly string[];
  readonly show: Tool['run'];
}
interface RemoveDefinition extends Definition {
  readonly shows: Shape;
  readonly stopsWorking: string;
  readonly comesAndGoes?: readonly string[];
  readonly at: (args: Readonly<Record<string, unknown>>) => Path;
  readonly listedBy: string;
  readonly show?: Tool['run'];
}

/**
 * Makes the verbs of one toolset. They derive what follows from the effect of a tool; no other place does.
 * @param toolset the name of the toolset
 */
export function verbsOf<P extends Place>(toolset: string, defaults: ToolsetDefaults<P>): Verbs<P> {
  const call = (effect: Effect, name: string, definition: CallDefinition): Tool => ({
    ...derive(effect, name, definition, defaults),
    ...(definition.foundBy !== undefined && { foundBy: definition.foundBy }),
    ...(definition.view !== undefined && { view: definition.view }),
    toolset,
    input: Object.freeze({ ...definition.input }),
    // What the other tool answers has the form that it announces.
    output: definition.standsForAnother ? z.looseObject({}) : outputOf(definition.output),
    run: definition.run,
  });
  const list = (name: string, { of, instead = {}, ...definition }: ListDefinition): Tool => ({
    ...call('read', name, {
      ...definition,
      input: { ...definition.input, ...pagingArguments(definition) },
      output: { ...listsOf(of), ...listsOf(instead, 'maybe'), ...pageInfo },
      run: definition.pages === undefined ? definition.run : paged(definition.run),
    }),
    items: Object.freeze([...Object.keys(of), ...Object.keys(instead)]),
    ...(definition.pages === undefined && { listedAtOnce: true as const }),
  });
  const destroy = (name: string, definition: DestroyDefinition): Tool => ({
    ...call('destroy', name, definition),
    preview: Object.freeze({
      output: z.object(definition.shows),
      run: definition.show,
      stopsWorking: definition.stopsWorking,
      ...(definition.comesAndGoes && { comesAndGoes: Object.freeze([...definition.comesAndGoes]) }),
    }),
  });
  const remove = (name: string, { at, listedBy, show, ...definition }: RemoveDefinition): Tool =>
    destroy(name, {
      ...definition,
      output: { deleted_id: z.string() },
      show: show ?? ((args, { api }) => api.get(at(args))),
      async run(args, { api }) {
        const path = at(args);
        await api.delete(path);
        await requireGone(api.get(path), listedBy);
        return { deleted_id: lastSegmentOf(path) };
      },
    });
  const verbs = {
    list,
    read: (name: string, definition: CallDefinition) => call('read', name, definition),
    add: (name: string, definition: CallDefinition) => call('add', name, definition),
    overwrite: (name: string, definition: CallDefinition) => call('overwrite', name, definition),
    destroy,
    remove,
  } satisfies Record<keyof Verbs<P>, unknown>;
  // The types of arguments are lost here; the pipeline checks the arguments against `input` before it calls `run`.
  return verbs as unknown as Verbs<P>;
}

type Derived = Omit<Tool, 'toolset' | 'input' | 'output' | 'run' | 'preview' | 'items' | 'listedAtOnce'>;

function derive(effect: Effect, name: string, given: Definition, defaults: ToolsetDefaults<Place>): Derived {
  const {
    optIn,
    elevated,
    discloses,
    publishes,
    alwaysLoad,
    patient,
    reportsProgress,
    isWhole,
    namesAsShown,
    area = defaults.area,
  } = given;
  const { needsWorkspaceToken = defaults.needsWorkspaceToken, rare = defaults.rare, standsForAnother } = given;
  return {
    name,
    title: given.title ?? titleOf(name),
    description: given.description,
    place: given.place ?? defaults.place ?? 'environment',
    scope: given.scope === undefined ? `${area}:${effect === 'read' ? 'read' : 'write'}` : given.scope,
    effect,
    idempotent: given.repeatable ?? effect !== 'add',
    openWorld: given.openWorld ?? false,
    ...marked({ needsWorkspaceToken, rare, standsForAnother, alwaysLoad, patient, reportsProgress, isWhole }),
    ...(given.aliases && { aliases: Object.freeze([...given.aliases]) }),
    ...(given.does && { does: given.does }),
    ...(optIn && { optIn }),
    ...(given.alsoNeeds && { alsoNeeds: Object.freeze([...given.alsoNeeds]) }),
    ...(elevated && { elevated: Object.freeze({ ...elevated }) }),
    ...(discloses && { discloses: Object.freeze([...discloses]) }),
    ...(publishes && { publishes: Object.freeze([...publishes]) }),
    ...(namesAsShown && { namesAsShown: Object.freeze([...namesAsShown]) }),
  };
}

/** The marks that are set. */
function marked<Mark extends string>(
  marks: Readonly<Record<Mark, boolean | undefined>>,
): { readonly [M in Mark]?: true } {
  const set = Object.entries(marks).filter(([, isSet]) => isSet === true);
  return Object.fromEntries(set) as { readonly [M in Mark]?: true };
}

/**
 * The schema of an answer. One that may be longer than a result has `truncated`: it is cut then, and cannot be continued.
 */
function outputOf(shape: Shape): z.ZodObject {
  const output = z.object(shape);
  if ('truncated' in shape || !mayBeLong(output)) return output;
  return output.extend({
    truncated: z.boolean().optional().describe('Cut to fit: the end of what is long is left out'),
  });
}

/** Whether a schema holds lists, or objects of any form. */
function mayBeLong(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodObject) return isOpen(schema) || Object.values(schema.shape).some(mayBeLong);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return mayBeLong(schema.unwrap());
  return schema instanceof z.ZodArray || schema instanceof z.ZodUnknown || schema instanceof z.ZodRecord;
}

/** Whether an object may have members that its schema does not name. */
function isOpen({ def }: z.ZodObject): boolean {
  return def.catchall instanceof z.ZodUnknown;
}

function listsOf(entries: Shape, presence: 'always' | 'maybe' = 'always'): Shape {
  const lists = Object.entries(entries).map(([member, entry]) => {
    const list = z.array(entry);
    return [member, presence === 'always' ? list : list.nullish()];
  });
  return Object.fromEntries(lists);
}

/** The last segment of a path, decoded: the id of the resource at that path. */
function lastSegmentOf({ text }: Path): string {
  return decodeURIComponent(text.slice(text.lastIndexOf('/') + 1));
}
