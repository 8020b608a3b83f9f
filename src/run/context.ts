import type { Authorized } from '../access/authorize.ts';
import { callerFactsOf } from '../access/surface.ts';
import type { ToolContext } from '../core/tool.ts';
import type { Trace } from '../observability/trace/trace.ts';
import { cleanerFor, type RequestContext, type Services } from './services.ts';

/**
 * What a tool gets beside its arguments: the API, bound to the caller and to the environment that was decided on.
 * @throws Error when an environment is needed and none was decided on: a defect
 */
export function contextOf(
  call: Authorized,
  services: Services,
  { signal, progress }: RequestContext,
  trace: Trace | undefined,
): ToolContext {
  const { caller, entry, environment, surface } = call;
  if (entry.tool.place === 'environment' && environment === undefined) {
    throw new Error(`${entry.tool.name} was authorized without an environment.`);
  }
  const bound = services.scalekit.bind({
    caller,
    environmentId: environment?.kind === 'named' ? environment.id : undefined,
    idempotent: entry.tool.idempotent,
    signal,
    trace,
  });
  return {
    ...bound,
    get caller() {
      return callerFactsOf(caller, surface);
    },
    signal,
    // News may quote the platform as well as a result may.
    progress: ({ message, ...step }) =>
      progress(message === undefined ? step : { ...step, message: cleanerFor(call, services).text(message) }),
  };
}
