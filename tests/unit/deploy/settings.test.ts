import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig, VARIABLES } from '../../../src/config/config.ts';
import { COMPOSE_TEXT } from '../../fixtures/compose.ts';
import {
  container,
  docker,
  image,
  manifest,
  pod,
  port,
  read,
  servers,
  settings,
  uid,
  ways,
} from '../../fixtures/deployments.ts';
import { type Manifest, problemsOf } from '../../fixtures/manifests.ts';
import { verifies } from '../../verifies.ts';

/** The examples that people copy and edit. */
const people = ways.filter(([way]) => way !== 'docker run');

describe('settings', () => {
  verifies.each('deploy.settings', ways)('are variables of the server: %s', (_, env) => {
    expect(Object.keys(env).filter((name) => !(name in VARIABLES))).toEqual([]);
  });

  verifies.each('deploy.settings', ways)('make a configuration that can be used: %s', (_, env) => {
    const config = parseConfig({ ...env, SCALEKIT_CLIENT_SECRET: 'from its file' });
    expect(config.warnings).toEqual([expect.stringContaining('still as in the example')]);
    expect(config).toMatchObject({ production: true, host: '0.0.0.0', publicUrl: 'https://mcp.example.com' });
    expect(config.limits.proxies).toBe(1);
    expect(config.audit.to).toBe('stderr');
    // A read-only file system has no place for anything else.
    expect(Object.keys(env).filter((name) => name === 'LOG_FILE')).toEqual([]);
  });

  verifies('deploy.settings', 'are in deploy/.env alone: compose.yaml asks for nothing but digests', () => {
    for (const [, { env_file }] of servers) expect(env_file).toEqual(['.env']);
    expect(COMPOSE_TEXT).not.toMatch(/\$(?!\{\w+_DIGEST:-\})/);
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  verifies.each('deploy.people', [...people, ['docker run', docker.env]] as [string, Record<string, string>][])(
    'name people by their organization, and say so: %s',
    (_, env) => {
      expect(env['ALLOWED_ORGANIZATIONS']).toMatch(/^org_/);
      expect(env['ALLOWED_CLIENTS']).toBeUndefined();
    },
  );

  verifies('deploy.people', 'say who is who, and how the other mode is chosen, where they are edited', () => {
    for (const file of ['deploy/.env.example', 'deploy/kubernetes/overlays/example/settings.env']) {
      expect(read(file)).toContain('\n# SCALEKIT_API_URL=https://');
      const text = read(file).replaceAll('\n# ', ' ');
      expect(text).toMatch(/People are known by their organization .*Machines are known by their client/);
      expect(text).toContain('Workspace mode: this in place of the two lines above');
    }
    for (const [, env] of people) expect(env).toMatchObject({ METRICS_PORT: '9464', LOG_LEVEL: 'info' });
  });
});

verifies.group('deploy.settings', 'what belongs together agrees', () => {
  it('the port', () => {
    for (const [way, env] of ways) expect(env['PORT'], way).toBe(port);
    expect(docker.publish).toEqual([`127.0.0.1:${port}:${port}`]);
    const named = Object.fromEntries(
      container.ports.map((one: { name: string; containerPort: number }) => [one.name, one.containerPort]),
    );
    expect(named).toEqual({ http: Number(port), metrics: Number(settings['METRICS_PORT']) });
    expect(manifest('Service').spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
    const allowed = manifest('NetworkPolicy').spec.ingress.flatMap(({ ports }: { ports: { port: string }[] }) => ports);
    expect(allowed).toEqual([{ port: 'http' }, { port: 'metrics' }]);
    for (const [name] of servers) expect(read('deploy/haproxy.cfg')).toContain(`server ${name} ${name}:${port}\n`);
  });

  it('the user', () => {
    expect(uid).toMatch(/^[1-9]\d+:[1-9]\d+$/);
    for (const [, { user }] of servers) expect(user).toBe(uid);
    const { runAsUser, runAsGroup, fsGroup } = pod.securityContext;
    expect([`${runAsUser}:${runAsGroup}`, `${runAsUser}:${fsGroup}`]).toEqual([uid, uid]);
  });

  it('the time to stop is longer than the time that stopping takes', () => {
    const seconds = {
      compose: Number.parseInt(String(servers[0]?.[1].stop_grace_period), 10),
      pod: pod.terminationGracePeriodSeconds,
    };
    const needs = (env: Record<string, string> = {}) => Number(env['DRAIN_DELAY_MS']) + Number(env['DRAIN_TIMEOUT_MS']);
    const spare = 5_000;
    expect(seconds.compose * 1000).toBeGreaterThanOrEqual(needs(servers[0]?.[1].environment) + spare);
    expect(seconds.pod * 1000).toBeGreaterThanOrEqual(needs(settings) + spare);
    const { timeoutMs } = parseConfig({}).scaling.drain;
    const stopTimeout = Number(/--stop-timeout (\d+)/.exec(read('docs/operations.md'))?.[1]);
    expect(stopTimeout * 1000).toBeGreaterThanOrEqual(Number(docker.env['DRAIN_DELAY_MS']) + timeoutMs + spare);
    // What a call may take, and what the server leaves it by default.
    for (const env of [settings, servers[0]?.[1].environment])
      expect(env?.['DRAIN_TIMEOUT_MS']).toBe(String(timeoutMs));
    // The proxy and the kubelet find out while the instance still serves.
    const { periodSeconds, timeoutSeconds, failureThreshold } = container.readinessProbe;
    expect((periodSeconds + timeoutSeconds) * failureThreshold * 1000).toBeLessThan(Number(settings['DRAIN_DELAY_MS']));
    expect(read('deploy/haproxy.cfg')).toContain('check inter 1s fall 1 ');
  });

  it('proxies wait longer than a call may take', () => {
    const longestCall = 120_000;
    expect(parseConfig({ UPSTREAM_TIMEOUT_MS: String(longestCall) }).upstreamTimeoutMs).toBe(longestCall);
    expect(() => parseConfig({ UPSTREAM_TIMEOUT_MS: String(longestCall + 1) })).toThrow('UPSTREAM_TIMEOUT_MS');
    const { annotations = {} } = manifest('Ingress').metadata;
    const seconds = [
      annotations['nginx.ingress.kubernetes.io/proxy-read-timeout'],
      annotations['nginx.ingress.kubernetes.io/proxy-send-timeout'],
      /timeout server (\d+)s\n/.exec(read('deploy/haproxy.cfg'))?.[1],
    ];
    const nginx = read('deploy/nginx.conf');
    for (const name of ['proxy_read_timeout', 'proxy_send_timeout', 'send_timeout']) {
      seconds.push(new RegExp(`^ +${name} (\\d+)s;$`, 'm').exec(nginx)?.[1]);
    }
    seconds.push(/^\t+response_header_timeout (\d+)s$/m.exec(read('deploy/Caddyfile'))?.[1]);
    for (const each of seconds) expect(Number(each) * 1000).toBeGreaterThan(longestCall);
    // What the documentation tells whoever has another proxy.
    const [, documented] = /^\| Wait for an answer \| (\d+) s /m.exec(read('docs/operations.md')) ?? [];
    for (const each of seconds) expect(each).toBe(documented);
  });

  it('the proxies for a machine: ports, idle connections, bodies, addresses, and nothing sent twice', () => {
    const [nginx, caddy] = [read('deploy/nginx.conf'), read('deploy/Caddyfile')];
    expect(nginx).toContain(`server 127.0.0.1:${port} max_fails=1`);
    expect(caddy).toContain(`reverse_proxy 127.0.0.1:${port} {\n`);
    const [, documented] = /the (\d+) s after which this server closes them/.exec(read('docs/operations.md')) ?? [];
    const idle = [/ keepalive_timeout (\d+)s;/.exec(nginx)?.[1], /\tkeepalive (\d+)s\n/.exec(caddy)?.[1]];
    for (const each of idle) expect(Number(each)).toBeLessThan(Number(documented));
    expect(nginx).toContain('client_max_body_size 1m;');
    expect(caddy).toContain('max_size 1MiB\n');
    expect(nginx).toContain('proxy_set_header Host $host;');
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(nginx).toMatch(/^ +proxy_next_upstream error;$/m);
    expect(caddy).not.toMatch(/^\s*lb_retry_match/m);
    for (const text of [nginx, caddy]) expect(text).toMatch(/\/health\/[\s\S]*404/);
    expect(caddy).toContain('health_uri /health/ready\n');
    expect(nginx).not.toMatch(/log_format [^;]*\$(request|request_uri|args|query_string)\b(?!_)/);
  });

  it('the paths of health', () => {
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    expect(probes.map(({ httpGet }) => httpGet)).toEqual([
      { path: '/health/live', port: 'http' },
      { path: '/health/live', port: 'http' },
      { path: '/health/ready', port: 'http' },
    ]);
    expect(read('deploy/haproxy.cfg')).toContain('uri /health/ready\n');
  });

  it('the version', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(image.find((step) => step.does === 'ARG' && step.name === 'VERSION')).toMatchObject({ value: version });
    for (const [, service] of servers) expect(service.image).toBe(`scalekit-mcp-server:${version}`);
    expect(container.image).toBe(`scalekit-mcp-server:${version}`);
    expect(read('deploy/kubernetes/overlays/example/kustomization.yaml')).toContain(`newTag: ${version}\n`);
  });

  it('the documented patch of the NetworkPolicy, with the namespaces that it changes', () => {
    const [, text] = /^```yaml\n(patches:[\s\S]*?)^```$/m.exec(read('docs/operations.md')) ?? [];
    const { patches } = parse(String(text));
    const policy = manifest('NetworkPolicy');
    expect(patches.map(({ target }: { target: unknown }) => target)).toEqual([
      { kind: policy.kind, name: policy.metadata.name },
    ]);
    const changed = parse(patches[0].patch).map(({ op, path }: { op: string; path: string }) => {
      const keys = path.split('/').slice(1);
      // biome-ignore lint/suspicious/noExplicitAny: a path into a manifest.
      return [op, keys.reduce((at: any, key) => at[key.replaceAll('~1', '/')], policy)];
    });
    expect(changed).toEqual([
      ['replace', 'ingress-nginx'],
      ['replace', 'monitoring'],
    ]);
  });

  it('the documented patch for a Redis elsewhere, with the rule that it replaces', () => {
    const [, text] =
      /^```yaml\n(patches:(?:(?!^```$)[\s\S])*?path: \/spec\/egress[\s\S]*?)^```$/m.exec(
        read('docs/operations.md').slice(read('docs/operations.md').indexOf('A Redis outside of the cluster')),
      ) ?? [];
    const [{ target, patch }] = parse(String(text)).patches;
    const policy = structuredClone(manifest('NetworkPolicy'));
    expect(target).toEqual({ kind: policy.kind, name: policy.metadata.name });
    const [{ op, path, value }, ...others] = parse(patch);
    expect([op, path, others]).toEqual(['replace', '/spec/egress/1', []]);
    const [replaced] = policy.spec.egress.splice(1, 1, value);
    expect(replaced.to[0].podSelector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'redis' });
    expect(problemsOf(policy)).toEqual([]);
  });

  it('the labels and names by which manifests find each other', () => {
    const labels = { 'app.kubernetes.io/name': 'scalekit-mcp' };
    const { selector, template } = manifest('Deployment').spec;
    expect(template.metadata.labels).toEqual(labels);
    expect([
      selector.matchLabels,
      manifest('Service').spec.selector,
      manifest('PodDisruptionBudget').spec.selector.matchLabels,
      manifest('NetworkPolicy').spec.podSelector.matchLabels,
      ...pod.topologySpreadConstraints.map((one: Manifest['spec']) => one.labelSelector.matchLabels),
    ]).toEqual(Array.from({ length: 6 }, () => labels));
    const { name } = manifest('Deployment').metadata;
    expect(manifest('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name,
    });
    expect(pod.serviceAccountName).toBe(manifest('ServiceAccount').metadata.name);
    expect(manifest('Ingress').spec.rules[0].http.paths[0].backend.service).toEqual({ name, port: { name: 'http' } });
    const [tls] = manifest('Ingress').spec.tls;
    expect(read('docs/operations.md')).toContain(` create secret tls ${tls.secretName} --cert=`);
    expect(manifest('Ingress').spec.rules[0].host).toBe(new URL(String(settings['PUBLIC_URL'])).hostname);
  });
});
