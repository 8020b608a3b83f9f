import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ALERT_GROUPS } from '../../fixtures/alerts.ts';
import { composed, container, manifest, read, servers } from '../../fixtures/deployments.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

// How Prometheus gets at the metrics where this server is deployed.

const page = read('docs/operations.md');
const { labels } = manifest('Deployment').spec.template.metadata;
/** The job that the alert for an instance that is down asks for. */
const [, job] = /up\{job="([^"]+)"\}/.exec(String(ALERT_GROUPS[0]?.rules[0]?.expr)) ?? [];
const port = container.ports.find(({ name }: { name: string }) => name === 'metrics');

verifies('metrics.scraped', 'the PodMonitor finds the pods and their port, under the job of the alerts', () => {
  const { apiVersion, kind, spec } = parse(read('deploy/prometheus/pod-monitor.yaml'));
  expect([apiVersion, kind]).toEqual(['monitoring.coreos.com/v1', 'PodMonitor']);
  expect(spec.selector.matchLabels).toEqual(labels);
  expect(labels[spec.jobLabel]).toBe(job);
  expect(spec.podMetricsEndpoints.map((endpoint: { port: string }) => endpoint.port)).toEqual([port.name]);
});

verifies('metrics.scraped', 'a Prometheus without the operator keeps the same pods, port and job', () => {
  const { rule_files, scrape_configs } = parse(read('deploy/prometheus/kubernetes.yaml'));
  expect(rule_files).toEqual(['alerts.yaml']);
  const [scrape, ...others] = scrape_configs;
  expect([scrape.job_name, others]).toEqual([job, []]);
  const [{ namespaces }] = scrape.kubernetes_sd_configs;
  expect(namespaces.names).toEqual([manifest('Namespace').metadata.name]);
  // What Prometheus makes of a label of a pod.
  const [[label, value]] = Object.entries(labels) as [[string, string]];
  const kept = scrape.relabel_configs.filter(({ action }: { action?: string }) => action === 'keep');
  expect(kept).toEqual([
    { source_labels: [`__meta_kubernetes_pod_label_${label.replace(/\W/g, '_')}`], regex: value, action: 'keep' },
    { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: port.name, action: 'keep' },
  ]);
});

verifies('metrics.scraped', 'the documented commands make a PrometheusRule of all alerts', () => {
  const [, commands = ''] = /^(\{\n {2}printf[\s\S]*?\n\}) \| kubectl /m.exec(page) ?? [];
  const text = execFileSync('sh', ['-euc', commands], { cwd: ROOT, encoding: 'utf8' });
  const [rule, ...others] = parseAllDocuments(text, { strict: true, uniqueKeys: true });
  expect([rule?.errors, others]).toEqual([[], []]);
  expect(rule?.toJS()).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'scalekit-mcp' },
    spec: { groups: ALERT_GROUPS },
  });
});

verifies('metrics.scraped', 'the documented network is the one in which the instances of Compose are', () => {
  const [, text] = /^```yaml\n(services:\n {2}prometheus:[\s\S]*?)^```$/m.exec(page) ?? [];
  const { services, networks } = parse(String(text));
  const { name: project } = parse(read('deploy/compose.yaml'));
  const [shared] = Object.keys(composed.networks).filter((network) => composed.networks[network]?.internal !== true);
  expect(networks).toEqual({ [project]: { name: `${project}_${shared}`, external: true } });
  expect(services.prometheus.networks).toContain(project);
  expect(page).toContain(`docker network connect ${project}_${shared} prometheus\n`);
  for (const [name, { environment, networks: near }] of servers) {
    expect(near).toContain(shared);
    expect(environment['METRICS_ALLOWED_HOSTS']?.split(',')).toContain(name);
    expect(page).toContain(`\`${name}:${environment['METRICS_PORT']}\``);
  }
});

verifies('metrics.scraped', 'no alert speaks of other services that have metrics of the same names', () => {
  for (const { alert, expr } of ALERT_GROUPS.flatMap(({ rules }) => rules)) {
    expect([alert, expr]).toEqual([alert, expect.stringMatching(/scalekit_mcp_|job="scalekit-mcp"/)]);
  }
});
