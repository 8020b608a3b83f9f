import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Histogram } from 'prom-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { primaryMetrics } from '../../../src/observability/metrics/cluster.ts';
import { prometheusMetrics } from '../../../src/observability/metrics/prometheus.ts';
import { ALERT_GROUPS } from '../../fixtures/alerts.ts';
import { parseExposition, type Scrape } from '../../fixtures/metrics.ts';
import { readPromQl } from '../../fixtures/promql.ts';
import { verifies } from '../../verifies.ts';

const DEPLOY = fileURLToPath(new URL('../../../deploy', import.meta.url));

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(`${DEPLOY}/grafana/dashboard.json`, 'utf8')) as {
  panels: Panel[];
  templating: { list: { name: string; query: string | { query: string } }[] };
};
const rules = ALERT_GROUPS.flatMap((group) => group.rules);
const targets = dashboard.panels.flatMap(({ title, targets: shown = [] }) =>
  shown.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

/** Prometheus adds these to whatever it reads. */
const SCRAPE_LABELS = ['job', 'instance'];
/** Labels whose words are all there from the beginning. */
const CLOSED = ['outcome', 'event', 'level', 'result', 'limit', 'check'];

/** Metrics by name, histograms by those of their series, each with its labels. */
const metrics = new Map<string, readonly string[]>();
let values: Scrape;
const { registry } = prometheusMetrics({ tools: [] });
/** Of a process, and of a primary beside the sum of those. */
const all = [registry, primaryMetrics().registry].flatMap((each) => each.getMetricsAsArray());

beforeAll(async () => {
  for (const metric of all) {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: string[] };
    const labels = [...labelNames, ...SCRAPE_LABELS];
    if (!((metric as unknown) instanceof Histogram)) metrics.set(name, labels);
    else {
      for (const part of ['sum', 'count']) metrics.set(`${name}_${part}`, labels);
      metrics.set(`${name}_bucket`, [...labels, 'le']);
    }
  }
  // Prometheus adds it itself.
  metrics.set('up', SCRAPE_LABELS);
  values = parseExposition(await registry.metrics());
});

/** What is wrong with an expression. */
function faultsOf(expr: string): string[] {
  const { errors, metrics: asked, matchers, grouped } = readPromQl(expr);
  const known = [...SCRAPE_LABELS, ...asked.flatMap((name) => metrics.get(name) ?? [])];
  return [
    ...errors.map((at) => `no PromQL at ${at}`),
    ...asked.filter((name) => !metrics.has(name)).map((name) => `no metric ${name}`),
    ...matchers
      .filter(({ metric, label }) => !metrics.get(metric)?.includes(label))
      .map(({ metric, label }) => `${metric} has no label ${label}`),
    ...matchers.filter(({ label }) => CLOSED.includes(label)).flatMap(unknownWords),
    ...grouped.filter((label) => !known.includes(label)).map((label) => `groups by ${label}`),
  ];
}

function unknownWords({ metric, label, words }: ReturnType<typeof readPromQl>['matchers'][number]): string[] {
  const isThere = (word: string) => values.series.some(({ name, labels }) => name === metric && labels[label] === word);
  return words.filter((word) => !isThere(word)).map((word) => `${metric} never has ${label}="${word}"`);
}

describe('alerts', () => {
  verifies('metrics.deploy', 'have the form that Prometheus takes', () => {
    expect(ALERT_GROUPS.map(({ name }) => name)).toEqual(['scalekit-mcp']);
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule).toEqual({
        alert: expect.stringMatching(/^ScalekitMcp[A-Z][A-Za-z]+$/),
        expr: expect.any(String),
        ...(rule.for !== undefined && { for: expect.stringMatching(/^\d+m$/) }),
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: { summary: expect.stringMatching(/\.$/), runbook_url: expect.any(String) },
      });
    }
  });

  verifies('metrics.runbooks', 'lead to a page each, and every page belongs to one', () => {
    const pages = readdirSync(`${DEPLOY}/../docs/runbooks`).map((file) => `docs/runbooks/${file}`);
    expect(rules.map(({ annotations }) => annotations['runbook_url']).toSorted()).toEqual(pages.toSorted());
    for (const { alert, annotations } of rules) {
      expect(annotations['runbook_url']).toBe(`docs/runbooks/${alert}.md`);
      const text = readFileSync(`${DEPLOY}/../${annotations['runbook_url']}`, 'utf8');
      expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
        `# ${alert}`,
        '## What to look at',
        '## What to do',
      ]);
      for (const [, page] of text.matchAll(/\]\((\w+\.md)\)/g)) expect(pages).toContain(`docs/runbooks/${page}`);
    }
  });

  verifies.each('metrics.deploy', rules)('$alert asks for what there is', ({ expr }) => {
    expect(faultsOf(expr)).toEqual([]);
  });
});

verifies('metrics.deploy', 'docs/observability.md has Prometheus scrape the job whose absence is an alert', () => {
  const page = readFileSync(`${DEPLOY}/../docs/observability.md`, 'utf8');
  const [example, ...others] = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => parse(String(text)));
  expect(others).toEqual([]);
  const jobs = example.scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
  expect(new Set(jobs)).toEqual(new Set(['scalekit-mcp']));
  const down = rules.find(({ alert }) => alert === 'ScalekitMcpDown');
  const asked = readPromQl(String(down?.expr)).matchers.map(({ metric, label, words }) => [metric, label, ...words]);
  expect(asked).toEqual(Array.from({ length: 2 }, () => ['up', 'job', jobs[0]]));
  for (const file of example.rule_files) expect(readdirSync(`${DEPLOY}/prometheus`)).toContain(file);
  const targets = example.scrape_configs[0].static_configs[0].targets;
  expect(targets).toEqual([expect.stringMatching(/:9464$/)]);
});

describe('the dashboard', () => {
  verifies.each('metrics.deploy', targets)(
    '$title asks for what there is, and names labels that it keeps',
    (target) => {
      expect(faultsOf(target.expr)).toEqual([]);
      const shown = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      const kept = target.expr.includes(' by (') ? target.expr : `${target.expr} instance`;
      for (const label of shown) expect(kept).toContain(label);
    },
  );

  verifies('metrics.deploy', 'has panels that fit side by side, each with an id of its own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (const { name, query } of dashboard.templating.list.filter((variable) => variable.name !== 'datasource')) {
      const text = typeof query === 'string' ? query : query.query;
      expect([name, metrics.has(/^label_values\((\w+)/.exec(text)?.[1] ?? '')]).toEqual([name, true]);
    }
  });

  verifies('metrics.deploy', 'leaves no metric out', () => {
    const asked = [...targets, ...rules].map(({ expr }) => expr).join('\n');
    const shown = all.map(({ name }) => name);
    const optional =
      /^(nodejs_eventloop_lag_((min|mean|stddev|p50|p90)_)?seconds|nodejs_(active|external|heap_s(ize_total|pace)|version)|process_(cpu_(user|system)|heap|max_fds|open_fds|start|virtual)|http_server_active|scalekit_mcp_key_refreshes)/;
    expect(shown.filter((name) => !asked.includes(name) && !optional.test(name))).toEqual([]);
  });
});

verifies('metrics.deploy', 'docs/observability.md explains every metric with its labels, and every alert', () => {
  const rows = readFileSync(`${DEPLOY}/../docs/observability.md`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const metric of all) {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: string[] };
    const row = rows.find((one) => one.includes(`\`${name}\``)) ?? '';
    const [, labels = ''] = row.split('|').slice(1);
    expect([name, labels.match(/\w+/g) ?? []]).toEqual([name, labelNames]);
  }
  expect(rows.flatMap((row) => /^\| `(ScalekitMcp\w+)`/.exec(row)?.[1] ?? [])).toEqual(rules.map(({ alert }) => alert));
});

describe('the check of expressions', () => {
  it.each([
    ['sum(rate(nothing_total[5m]))', 'no metric nothing_total'],
    ['scalekit_mcp_requests_total{tool="x"}', 'scalekit_mcp_requests_total has no label tool'],
    ['scalekit_mcp_requests_total{outcome="fine"}', 'scalekit_mcp_requests_total never has outcome="fine"'],
    ['sum by (tool) (scalekit_mcp_requests_total)', 'groups by tool'],
    ['sum(scalekit_mcp_requests_total', 'no PromQL at 31'],
    ['process_cpu_seconds_total{le="1"}', 'process_cpu_seconds_total has no label le'],
  ])('finds what is wrong in %s', (expr, fault) => {
    expect(faultsOf(expr)).toContain(fault);
  });
});
