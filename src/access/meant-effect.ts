import type { Effect, Tool } from '../core/tool.ts';

/** How much more a tool counts that does what is asked, and one that comes close to it. */
const MEANT = 1.5;
const CLOSE = 1.2;
/** How much more a list and what only reads count: whoever names a thing alone wants to see it, or which there are. */
const LISTS = 1.25;
const READS = 1.15;
/** How much less a tool counts that takes something away, where nobody asks for that. */
const DESTROYS = 0.8;

/** The same for a tool that changes something, where somebody asks to see. */
const CHANGES = 0.9;

/** What a question asks for: an effect, or to replace something, which may take the former one away. */
export type Meant = Effect | 'replace';

/** Words of questions that say what is to be done. */
const EFFECTS: ReadonlyMap<string, Meant> = new Map(
  Object.entries({
    read: 'list show get view see display find search which what who whose where why how is are does did has have when many look check',
    add: 'add create make new invite register generate issue onboard send resend bring define invent introduce compose found launch enroll provision connect hire',
    overwrite:
      'change update edit modify rename set switch enable disable activate deactivate assign grant give configure allow restrict limit shorten extend let put sync promote demote turn reset correct fix rewrite move tell direct point map',
    replace: 'replace rotate regenerate roll renew',
    destroy:
      'delete remove revoke erase wipe purge unregister end offboard disconnect unlink invalidate kick stop withdraw clear take retire drop discard terminate forget trash scrap expel ban',
  }).flatMap(([effect, words]) => words.split(' ').map((word) => [word, effect as Meant] as const)),
);

/** What the first verb of a question asks for that says something; `undefined` where there is none. */
export function effectMeant(question: string): Meant | undefined {
  for (const word of question.toLowerCase().split(/[^a-z]+/)) {
    const effect = EFFECTS.get(word);
    if (effect !== undefined) return effect;
  }
  return undefined;
}

/** How much tools count by what they do, where a question asks to change something. */
const WEIGHTS: Readonly<Record<Exclude<Meant, 'read'>, Readonly<Record<Effect, number>>>> = {
  add: { read: 1, add: MEANT, overwrite: CLOSE, destroy: DESTROYS },
  overwrite: { read: 1, add: CLOSE, overwrite: MEANT, destroy: DESTROYS },
  replace: { read: 1, add: CLOSE, overwrite: MEANT, destroy: MEANT },
  destroy: { read: 1, add: 1, overwrite: 1, destroy: MEANT },
};

/** How much a tool counts by what it does, where that is asked for. */
export function weightOf({ effect, items }: Tool, meant: Meant | undefined): number {
  if (meant !== undefined && meant !== 'read') return WEIGHTS[meant][effect];
  if (effect === 'destroy') return DESTROYS;
  if (items !== undefined) return LISTS;
  if (effect === 'read') return READS;
  return meant === 'read' ? CHANGES : 1;
}
