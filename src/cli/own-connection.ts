import { version } from '../core/version.ts';
import { releaseFailure } from '../release/failure.ts';
import { runHandingOver } from '../run/hand-over.ts';
import type { Host } from './command.ts';
import type { CallError, CallOutcome, Connection } from './connection.ts';
import { openEnvironment } from './environment.ts';
import { CommandFailure } from './failure.ts';
import { openSecretsFile } from './secrets.ts';
import type { SelectingOptions } from './selecting.ts';

const USER_AGENT = `scalekit-mcp/${version}`;

/**
 * Connects a command to the catalogue of this process, with the credentials of the settings' environment or on the sandbox.
 * A call goes through the same decision, stages and records as one of a client.
 * @throws ConfigurationError, CommandFailure
 */
export async function connectOwn(
  host: Host,
  asked: SelectingOptions,
  secretsTo?: string,
): Promise<Connection & { close(): Promise<void> }> {
  const environment = await openEnvironment(host, { asked, for: 'command' });
  const { catalogue, close, flush } = environment;
  const { surface, services } = catalogue;
  const handOver = await openSecretsFile(secretsTo, environment);
  return {
    listTools: async () =>
      [...surface.tools.values()].map(({ tool, listed }) => ({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        effect: tool.effect,
        scope: tool.scope,
        inputSchema: listed.inputSchema,
      })),
    async callTool(name, args, { signal = new AbortController().signal, onProgress } = {}) {
      const message = { method: 'tools/call', id: 1, params: { name, arguments: args } };
      const { decision, observation } = catalogue.decide(message, USER_AGENT);
      if (decision.kind === 'call') {
        const progress = (step: { message?: string | undefined }) => {
          if (step.message !== undefined) onProgress?.(step.message);
        };
        const request = { observation, signal, progress };
        return outcomeOf(await runHandingOver(decision.call, services, request, handOver));
      }
      observation.answered('protocol_error');
      observation.sent();
      if (decision.kind === 'invalid') throw new CommandFailure('usage', decision.message);
      const error = decision.kind === 'told' ? decision.error : undefined;
      return outcomeOf(releaseFailure(error, { budget: services.resultBudget, requestId: observation.requestId }));
    },
    async close() {
      await close();
      await flush();
    },
  };
}

function outcomeOf(result: Awaited<ReturnType<typeof runHandingOver>>): CallOutcome {
  if (result.kind === 'success') return { kind: 'success', data: result.data };
  if (result.kind === 'preview') return { kind: 'preview', error: { ...result.error } };
  return { kind: 'failure', error: { ...result.error } satisfies CallError };
}
