import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prometheusMetrics } from '../../../../src/observability/metrics/prometheus.ts';
import {
  ALARMS,
  knownHttpMethod,
  knownMcpMethod,
  knownOutcome,
  OTHER,
} from '../../../../src/observability/outcomes.ts';
import { path } from '../../../../src/platform/path.ts';

const SOURCES = fileURLToPath(new URL('../../../../src', import.meta.url));

describe('the table of outcomes', () => {
  it.each([knownOutcome, knownMcpMethod, knownHttpMethod])('takes no word from outside [metrics.bounded]', (known) => {
    for (const word of ['', 'evil', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)]) {
      expect(known(word)).toBe(OTHER);
    }
  });
});

describe('the template of a path', () => {
  it('holds no value, and is the one that is written in the code [metrics.upstream]', () => {
    const values = ['org_1', 'app', 'a:b', 'ü/?#%', 'details:enable'];
    const makers = [
      [(id: string) => path`/connections/${id}`, '/connections/{}'],
      [(id: string) => path`/connections/${id}:enable`, '/connections/{}:enable'],
      [(id: string) => path`/organizations/${id}/users`, '/organizations/{}/users'],
    ] as const;
    for (const [make, template] of makers) {
      for (const value of values.filter((one) => !one.includes('/'))) expect(make(value).template).toBe(template);
    }
    expect(path`/connections/app`.template).toBe('/connections/app');
  });
});

it('alarms are events that the log has, at their level [metrics.deploy]', () => {
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${SOURCES}/${file}`, 'utf8'))
    .join('\n');
  for (const [event, level] of Object.entries(ALARMS))
    expect(sources).toMatch(new RegExp(`log\\.${level}\\(\\s*'${event}'`));
});

it('events beyond a number that no code reaches have no series of their own [metrics.bounded]', async () => {
  const { metrics, registry } = prometheusMetrics({ tools: [] });
  const valuesOf = async () => (await registry.getSingleMetric('scalekit_mcp_log_events_total')?.get())?.values ?? [];
  const known = (await valuesOf()).length;
  for (let i = 0; i < 1_000; i++) metrics.logged('warn', `event_${i}`);
  const values = await valuesOf();
  expect(values).toHaveLength(known + 101);
  expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(1_000);
});
