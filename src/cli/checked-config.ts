import type { Config } from '../config/config.ts';
import type { EnvFile } from '../config/environment.ts';

/**
 * What a person is told of a configuration that can be used: what it would do, and what in it is doubtful.
 * @returns lines of text; no secret is among them
 */
export function checkedConfig({ config, envFile }: { readonly config: Config; readonly envFile: EnvFile }): string {
  const { warnings } = config;
  return [
    'The configuration can be used.',
    ...factsOf(config).map(([name, value]) => `  ${name}: ${value}`),
    `  .env: ${envFile.isRead ? 'read' : 'none at'} ${envFile.path}`,
    ...(warnings.length === 0 ? [] : ['It works, and is probably not meant:']),
    ...warnings.map((warning) => `  - ${warning}`),
    'Whether Scalekit, Redis and the ports can be had, and files be written, only a start shows.',
  ].join('\n');
}

function factsOf(config: Config): [string, string][] {
  const { scalekit, host, port, publicUrl, scaling, audit, documentation } = config;
  const side: [string, string][] =
    scalekit.kind === 'sandbox'
      ? [['Scalekit', `the embedded sandbox, ${scalekit.mode} mode`]]
      : [
          ['Scalekit', `${scalekit.environmentUrl}, ${scalekit.mode.kind} mode`],
          ...(scalekit.mode.kind === 'workspace'
            ? ([['management API', scalekit.mode.apiUrl]] satisfies [string, string][])
            : []),
        ];
  return [
    ...side,
    ['clients connect to', publicUrl ?? 'the loopback or allowed name that they use'],
    ['listens on', `${host}:${port}, ${scaling.workers === 1 ? 'one process' : `${scaling.workers} workers`}`],
    ['offers', offeredOf(config)],
    ['documentation', documentation === undefined ? 'off' : documentation.site],
    ['audit ledger', typeof audit.to === 'string' ? audit.to : audit.to.file],
    ['metrics', metricsOf(config)],
  ];
}

function offeredOf({ surface: { toolsets, tools, readOnly, productionWrites } }: Config): string {
  const named = [...(toolsets ?? []), ...(tools ?? [])];
  const isAll = named.length === 0 || named.includes('all');
  const changes = { allow: '', confirm: '; changes in production are confirmed', deny: '; production is not changed' };
  return `${isAll ? 'all tools' : `of the tools only ${named.join(', ')}`}${readOnly ? '; nothing that changes anything' : changes[productionWrites]}`;
}

function metricsOf({ observability: { metrics } }: Config): string {
  return metrics === undefined ? 'off' : `${metrics.host}:${metrics.port}`;
}
