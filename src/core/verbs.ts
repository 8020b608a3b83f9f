import type { z } from 'zod';
import type { Path } from './api.ts';
import type { PageQuery, pageInfo } from './paging.ts';
import type { Area, Scope } from './scope.ts';
import type { OptIn, Place, Shape, Tool, ToolContext } from './tool.ts';

/** What the tools of a toolset have in common. Each of them may say otherwise. */
export interface ToolsetDefaults<P extends Place> {
  /** Left out: the name in words. */
  readonly title?: string;
  /** Guards the tools: those that read need `area:read`, all others `area:write`. */
  readonly area: Area;
  /** Left out: `environment`. */
  readonly place?: P;
  /** Set when Scalekit opens the operations to workspace tokens alone. */
  readonly needsWorkspaceToken?: true;
}

// Type parameters: I(nput), O(utput), E(ntries of a list), A(lternatives to them), S(hown before it is lost), N(umber of
// entries on a page), P and Q (places).

/** A shape without members. */
type None = Record<never, never>;

/** The values that schemas let through. Without schemas nothing is known of them: zod's own type would hold any name. */
type Values<S extends Shape> = keyof S extends never ? unknown : z.output<z.ZodObject<S>>;

type Without<Names extends PropertyKey> = { readonly [Name in Names]?: never };

/** Arguments that no definition mentions, because the surface or the lists add them. */
type NotReserved<P extends Place> = Without<
  'confirmation' | 'pageToken' | 'pageSize' | (P extends 'environment' ? 'environmentId' : never)
>;

/** Members of an answer that lists alone have. `truncated` is not among them: other answers may be cut as well. */
type NotPaged = Without<Exclude<keyof typeof pageInfo, 'truncated'>>;

type BooleanArgument<I extends Shape> = {
  [Name in keyof I]: z.output<I[Name]> extends boolean | undefined ? Name : never;
}[keyof I];

type DottedPath<O extends Shape> = (keyof O & string) | `${keyof O & string}.${string}`;

/** The scope that a tool needs, where it is not the one that follows from its toolset's area and its effect. */
type ScopeException =
  | { readonly area?: Area; readonly scope?: never }
  /** `null`: a valid token alone is enough. */
  | { readonly scope?: Scope | null; readonly area?: never };

/** What every tool says of itself, and the ways in which it may differ from the rest of its toolset. */
type Facts<I extends Shape, P extends Place> = ScopeException & {
  /** Left out: the name in words. */
  readonly title?: string;
  /** One sentence of purpose, then only what a model cannot guess. */
  readonly description: string;
  readonly place?: P;
  /** Whether Scalekit opens the operation to workspace tokens alone. */
  readonly needsWorkspaceToken?: boolean;
  /** Set when the call reaches beyond Scalekit: mail, third-party services. */
  readonly openWorld?: true;
  /** Set for tools that are left out unless the operator asks for them. */
  readonly optIn?: OptIn;
  /** A boolean argument that makes the call more than it usually is, and the scope that it then needs. */
  readonly elevated?: { readonly argument: BooleanArgument<NoInfer<I>>; readonly scope: Scope };
  /** Set for tools that call `progress`. */
  readonly reportsProgress?: true;
};

/** Arguments in, one answer out. */
type Call<I extends Shape, O extends Shape, P extends Place> = Facts<I, P> & {
  /** The arguments, in camelCase and described. Left out: none. */
  readonly input?: I & NotReserved<NoInfer<P>>;
  /** Parses the API's answer and is advertised to clients: the API's names, and no transforms. */
  readonly output: O & NotPaged;
  /** Secrets that this tool exists to hand out, as dotted paths in `output`. Results flag them. */
  readonly discloses?: readonly DottedPath<NoInfer<O>>[];
  /** Yields the API's answer, which is then checked against `output`. Throws `ToolError`. */
  readonly run: (args: Values<I>, context: ToolContext) => unknown;
};

type Entries<E extends Shape> = E & NotPaged & Without<'truncated'>;

/** Arguments in, entries out. */
type List<E extends Shape, A extends Shape, I extends Shape, N extends number | undefined, P extends Place> = {
  /** The member that holds the entries, and what one entry is. */
  readonly of: Entries<E>;
  /** Lists that some arguments yield instead, so that they may be missing. */
  readonly instead?: Entries<A>;
  /** The largest page, in entries. Left out: the API yields the list whole. */
  readonly pages?: N;
  /** The longest page token that the API takes, in characters. */
  readonly longestToken?: N extends number ? number : never;
  /** The arguments beside those for paging. Left out: none. */
  readonly input?: I & NotReserved<NoInfer<P>> & Without<'page'>;
  /** Yields the API's answer. Where there are pages, `page` is the one that the call asks for, ready as a query. */
  readonly run: (
    args: Values<I> & (N extends number ? { readonly page: PageQuery } : unknown),
    context: ToolContext,
  ) => unknown;
} & Facts<I, P>;

/** What a call would destroy. */
type Loss<S extends Shape> = {
  /** What is shown before the person or the model confirms: the answer of the API to the look. */
  readonly shows: S & NotPaged;
};

/**
 * The ways to declare a tool, by its effect. What follows from the effect is derived: the scope, the hints, whether the
 * call may be repeated, the confirmation.
 */
export interface Verbs<P extends Place> {
  /** Reads entries, page by page. Too long a page is cut, with a token to go on. */
  list<
    E extends Shape,
    A extends Shape = None,
    I extends Shape = None,
    N extends number | undefined = undefined,
    Q extends Place = P,
  >(name: string, definition: List<E, A, I, N, Q>): Tool;

  /** Reads something else. */
  read<O extends Shape, I extends Shape = None, Q extends Place = P>(name: string, definition: Call<I, O, Q>): Tool;

  /** Only brings something new. `repeatable`: calling it twice does no more than calling it once. */
  add<O extends Shape, I extends Shape = None, Q extends Place = P>(
    name: string,
    definition: Call<I, O, Q> & { readonly repeatable?: true },
  ): Tool;

  /** Replaces something that exists. `repeatable: false`: calling it twice does more than calling it once. */
  overwrite<O extends Shape, I extends Shape = None, Q extends Place = P>(
    name: string,
    definition: Call<I, O, Q> & { readonly repeatable?: false },
  ): Tool;

  /** Takes something away, once that is confirmed. `show` looks at what would be lost. */
  destroy<O extends Shape, S extends Shape, I extends Shape = None, Q extends Place = P>(
    name: string,
    definition: Call<I, O, Q> &
      Loss<S> & {
        readonly repeatable?: false;
        readonly show: (args: Values<I>, context: ToolContext) => unknown;
      },
  ): Tool;

  /** Deletes what is at a path: GET shows it, DELETE takes it away once that is confirmed. Yields `deleted_id`. */
  remove<I extends Shape, S extends Shape, Q extends Place = P>(
    name: string,
    definition: Facts<I, Q> &
      Loss<S> & {
        readonly input: I & NotReserved<NoInfer<Q>>;
        /** The path, whose last segment is the id of what is deleted. */
        readonly at: (args: Values<I>) => Path;
      },
  ): Tool;
}
