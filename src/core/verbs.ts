import type { z } from 'zod';
import type { Path } from './api.ts';
import type { PageQuery, pageInfo } from './paging.ts';
import type { Area, Scope } from './scope.ts';
import type { Sentence } from './sentence.ts';
import type { OptIn, Place, Shape, Tool, ToolContext, ViewName } from './tool.ts';

/** What the tools of a toolset have in common. A tool can override each of these. */
export interface ToolsetDefaults<P extends Place> {
  /** Left out: the name in words. */
  readonly title?: string;
  /** The area of the scopes: tools that read need `area:read`, all others `area:write`. */
  readonly area: Area;
  /** Left out: `environment`. */
  readonly place?: P;
  /** Set when Scalekit allows the operations only with workspace tokens. */
  readonly needsWorkspaceToken?: true;
  /** Set when few conversations need the tools (`Tool.rare`). */
  readonly rare?: boolean;
}

// Type parameters: I = input; O = output; E = entries of a list; A = alternative lists; S = what is shown before it is
// destroyed; N = number of entries on a page; P and Q = places.

/** A shape without members. */
type None = Record<never, never>;

/**
 * The parsed values of a shape; `unknown` for an empty shape, for which zod's own type would allow members of any name.
 */
type Values<S extends Shape> = keyof S extends never ? unknown : z.output<z.ZodObject<S>>;

/** Forbids members. The compiler quotes the reason, where `never` would say nothing. */
type Without<Names extends PropertyKey, Reason extends string> = { readonly [Name in Names]?: Reason };

/** Forbids arguments that the surface or the lists add themselves. */
type NotReserved<P extends Place> = Without<
  'confirmation' | 'pageToken' | 'pageSize' | (P extends 'environment' ? 'environmentId' : never),
  'this server adds the argument itself'
>;

/**
 * Forbids members that only answers of lists have. `truncated` is allowed, because some tools cut their
 * answers themselves.
 */
type NotPaged = Without<Exclude<keyof typeof pageInfo, 'truncated'>, 'only lists have this member'>;

/** Names of tools that take something away. */
type TakesAway =
  `${'clear' | 'delete' | 'disable' | 'disconnect' | 'remove' | 'revoke' | 'switch' | 'unlink'}_${string}`;

/** Refuses such a name to the verbs whose calls act at once. */
type ActsAtOnce<Name extends string> = Name extends TakesAway
  ? 'what takes something away is declared by destroy or remove, which show it first'
  : Name;

type BooleanArgument<I extends Shape> = {
  [Name in keyof I]: z.output<I[Name]> extends boolean | undefined ? Name : never;
}[keyof I];

type DottedPath<O extends Shape> = (keyof O & string) | `${keyof O & string}.${string}`;

/** The scope of a tool, if it is not the one that follows from the area of its toolset and its effect. */
type ScopeException =
  | { readonly area?: Area; readonly scope?: never }
  /** `null`: a valid token alone is enough. */
  | { readonly scope?: Scope | null; readonly area?: never };

/** What every tool states, and what it can state where it differs from the other tools of its toolset. */
type Facts<I extends Shape, P extends Place> = ScopeException & {
  /** Left out: the name in words. */
  readonly title?: string;
  /** Other names under which it can be called (`Tool.aliases`). */
  readonly aliases?: readonly string[];
  /** One sentence of purpose, then only what a model cannot guess. */
  readonly description: string;
  /** What people call it (`Tool.foundBy`). */
  readonly foundBy?: string;
  /** What clients that show views show beside its results (`Tool.view`). */
  readonly view?: ViewName;
  readonly place?: P;
  /** Whether Scalekit allows the operation only with workspace tokens. */
  readonly needsWorkspaceToken?: boolean;
  /** Further scopes that a caller needs as well (`Tool.alsoNeeds`). */
  readonly alsoNeeds?: readonly Scope[];
  /** Set when the call has effects outside Scalekit: mail, third-party services. */
  readonly openWorld?: true;
  /** Set for tools that are left out unless the operator switches this feature on. */
  readonly optIn?: OptIn;
  /** A boolean argument with which the call does more, and the scope that it needs then. */
  readonly elevated?: { readonly argument: BooleanArgument<NoInfer<I>>; readonly scope: Scope };
  /** Set for the few tools that nearly every conversation needs. */
  readonly alwaysLoad?: true;
  /** Whether few conversations need it (`Tool.rare`). */
  readonly rare?: boolean;
  /** Set for the one tool that stands for another (`Tool.standsForAnother`). */
  readonly standsForAnother?: true;
  /** Set for tools behind which third parties may be at work, whose calls have a longer deadline of their own. */
  readonly patient?: true;
  /** Set for tools that call `progress`. */
  readonly reportsProgress?: true;
  /** Arguments that name something as results show it; they are looked up with `findAsShown`. */
  readonly namesAsShown?: readonly (keyof NoInfer<I> & string)[];
};

/** The definition of a tool with one answer. */
type Call<I extends Shape, O extends Shape, P extends Place> = Facts<I, P> & {
  /** The arguments, in camelCase and with descriptions. Left out: none. */
  readonly input?: I & NotReserved<NoInfer<P>>;
  /** Parses the API's answer, and is advertised to clients: in the API's names, without transforms. */
  readonly output: O & NotPaged;
  /**
   * Secrets that this tool exists to return, as dotted paths in `output`. They are not redacted, and results flag them.
   */
  readonly discloses?: readonly DottedPath<NoInfer<O>>[];
  /** Texts that are published for everybody (`Tool.publishes`). */
  readonly publishes?: readonly DottedPath<NoInfer<O>>[];
  /** Whether it is never cut (`Tool.isWhole`). */
  readonly isWhole?: true;
  /** Returns the API's answer, which is then checked against `output`. Throws `ToolError`. */
  readonly run: (args: Values<I>, context: ToolContext) => unknown;
};

type Entries<E extends Shape> = E & NotPaged & Without<'truncated', 'lists bring their own'>;

/** The definition of a tool that lists entries. */
type List<E extends Shape, A extends Shape, I extends Shape, N extends number | undefined, P extends Place> = {
  /** The member that holds the entries, with the schema of one entry. */
  readonly of: Entries<E>;
  /** Lists that the API returns instead for some arguments. In the output schema they are optional. */
  readonly instead?: Entries<A>;
  /** The largest page, in entries. Left out: the API returns the whole list at once. */
  readonly pages?: N;
  /** The longest page token that the API accepts, in characters. */
  readonly longestToken?: N extends number ? number : never;
  /** The arguments, without those for paging. Left out: none. */
  readonly input?: I & NotReserved<NoInfer<P>> & Without<'page', 'lists bring their own'>;
  /** Returns the API's answer. If the list has pages, `page` is the requested one, as a query for the API. */
  readonly run: (
    args: Values<I> & (N extends number ? { readonly page: PageQuery } : unknown),
    context: ToolContext,
  ) => unknown;
} & Facts<I, P>;

/** What every tool that changes something states. */
type Change<I extends Shape> = {
  /**
   * Says in one sentence, with the values in it, what a call is about to do. It stands in previews and in the ledger, so
   * it has no secret in it.
   */
  readonly does: (args: Values<I>) => Sentence;
};

/** What a call would destroy. */
type Loss<S extends Shape> = {
  /** The schema of the preview: what would be destroyed, and what depends on it. */
  readonly shows: S & NotPaged & Without<'stops_working', 'this server adds the member itself'>;
  /** What stops working with it, in one sentence. The preview says so as `stops_working`. */
  readonly stopsWorking: string;
  /** Members of `shows` whose change is none of what was agreed to (`Preview.comesAndGoes`). */
  readonly comesAndGoes?: readonly (keyof NoInfer<S> & string)[];
};

/** The name of a tool that destroys. Where `shows` is missing, the compiler quotes the reason instead. */
type Confirmed<S extends Shape> = Shape extends S
  ? 'what takes something away says what it shows first: shows, show and stopsWorking'
  : string;

/**
 * The verbs that declare a tool, by its effect. From the effect follow the scope, the hints, whether the call is
 * idempotent, and whether it needs a confirmation.
 */
export interface Verbs<P extends Place> {
  /** Reads entries, page by page. A page that is too long is cut, and a page token continues it. */
  list<
    E extends Shape,
    A extends Shape = None,
    I extends Shape = None,
    N extends number | undefined = undefined,
    Q extends Place = P,
  >(name: string, definition: List<E, A, I, N, Q>): Tool;

  /** Reads something that is not a list. */
  read<O extends Shape, I extends Shape = None, Q extends Place = P>(name: string, definition: Call<I, O, Q>): Tool;

  /** Only creates something new. `repeatable`: a second call with the same arguments has no further effect. */
  add<Name extends string, O extends Shape, I extends Shape = None, Q extends Place = P>(
    name: ActsAtOnce<Name>,
    definition: Call<I, O, Q> & Change<NoInfer<I>> & { readonly repeatable?: true },
  ): Tool;

  /** Replaces something that exists. `repeatable: false`: a second call with the same arguments acts again. */
  overwrite<Name extends string, O extends Shape, I extends Shape = None, Q extends Place = P>(
    name: ActsAtOnce<Name>,
    definition: Call<I, O, Q> & Change<NoInfer<I>> & { readonly repeatable?: false },
  ): Tool;

  /**
   * Takes something away after confirmation. `show` reads what would be lost and what depends on it, before the person
   * confirms and once more afterwards: the tool runs only if it is the same.
   */
  destroy<O extends Shape, S extends Shape, I extends Shape = None, Q extends Place = P>(
    name: Confirmed<S>,
    definition: Call<I, O, Q> &
      Change<NoInfer<I>> &
      Loss<S> & {
        readonly repeatable?: false;
        readonly show: (args: Values<I>, context: ToolContext) => unknown;
      },
  ): Tool;

  /**
   * Deletes the resource at a path: GET reads the preview, unless `show` does, and DELETE runs after confirmation. Then GET
   * has to find nothing there any more. Answers with `deleted_id`.
   */
  remove<I extends Shape, S extends Shape, Q extends Place = P>(
    name: Confirmed<S>,
    definition: Facts<I, Q> &
      Change<NoInfer<I>> &
      Loss<S> & {
        readonly input: I & NotReserved<NoInfer<Q>>;
        /** The path of the resource. Its last segment is the id, which becomes `deleted_id`. */
        readonly at: (args: Values<I>) => Path;
        /** The tool that lists such resources, for where the deletion has not come true. */
        readonly listedBy: string;
        /** Reads the resource together with what depends on it. */
        readonly show?: (args: Values<I>, context: ToolContext) => unknown;
      },
  ): Tool;
}
