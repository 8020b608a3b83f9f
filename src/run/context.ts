import type { Authorized } from '../access/authorize.ts';
import { offeredOn } from '../access/offered.ts';
import { callerFactsOf } from '../access/surface.ts';
import { later } from '../core/later.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { finderFor } from './as-shown.ts';
import { cleanerFor, type RequestContext, type Services } from './services.ts';

const finding = later(() => import('../access/find.ts'));

/** What a tool gets, and what only the pipeline asks. */
export interface CallContext extends ToolContext {
  /** Whether an environment is one of production. Throws `ToolError` when that cannot be found out. */
  isProduction(id: string | undefined): Promise<boolean>;
}

/**
 * Makes what a tool gets in addition to its arguments: the API, bound to the caller and to the environment of the
 * decision, and the rest of `ToolContext`.
 * @param secrets the secrets among the arguments, which no progress message may quote
 * @throws Error when the tool needs an environment and the decision has none, which is a defect
 */
export function contextOf(
  call: Authorized,
  services: Services,
  { signal, progress, observation }: RequestContext,
  trace: Trace | undefined,
  secrets: readonly string[],
): CallContext {
  const { caller, entry, environment, surface } = call;
  if (entry.tool.place === 'environment' && environment === undefined) {
    throw new Error(`${entry.tool.name} was authorized without an environment.`);
  }
  const environmentId = environment?.kind === 'named' ? environment.id : undefined;
  const { deadline, readIn, ...bound } = services.scalekit.bind({
    caller,
    environmentId,
    idempotent: entry.tool.idempotent,
    signal,
    ...(entry.tool.patient && { deadlineMs: services.patientTimeoutMs }),
    trace,
    whenOver: (callback) => observation.whenOver(callback),
    changes: observation.changes,
  });
  return {
    ...bound,
    environmentId,
    readIn: (one) => {
      if (entry.tool.place !== 'workspace') throw new Error(`${entry.tool.name} acts in one environment.`);
      return readIn(one);
    },
    get caller() {
      return callerFactsOf(caller, surface);
    },
    documentation: services.documentation,
    resultBudget: services.resultBudget,
    signal,
    get offered() {
      return offeredOn(surface, caller);
    },
    fetchExternal: (request) => services.external.fetch(request, caller.person, deadline),
    findTools: async (query, most) => (await finding()).findTools(query, most, surface, caller),
    findAsShown: finderFor(() => cleanerFor(call, secrets, services)),
    // The message may quote text from Scalekit, as a result may, so it is cleaned as well.
    progress: ({ message, ...step }) =>
      progress(message === undefined ? step : { ...step, message: cleanerFor(call, secrets, services).text(message) }),
  };
}
