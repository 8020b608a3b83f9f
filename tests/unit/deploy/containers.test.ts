import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/config/config.ts';
import { composeProblems } from '../../fixtures/compose.ts';
import {
  composed,
  container,
  docker,
  inPod,
  manifest,
  manifests,
  pod,
  read,
  servers,
  services,
  uid,
  ways,
} from '../../fixtures/deployments.ts';
import { ROOT } from '../../fixtures/process.ts';
import { verifies } from '../../verifies.ts';

verifies.group('deploy.secrets', 'secrets', () => {
  const SECRET = ['SCALEKIT_CLIENT_SECRET', 'REDIS_URL', 'CONFIRMATION_KEYS'];

  it.each(ways)('stand in no variable: %s', (_, env) => {
    expect(SECRET.filter((name) => name in env)).toEqual([]);
    expect(env['SCALEKIT_CLIENT_SECRET_FILE']).toBeDefined();
  });

  it('are files of docker run', () => {
    expect(docker.volumes.map(({ at }) => at)).toEqual([docker.env['SCALEKIT_CLIENT_SECRET_FILE']]);
  });

  it('are declared, mounted where they are read, and outside of the repository: compose', () => {
    for (const [name, { environment, secrets = [] }] of servers) {
      const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
      expect(files.map(([, file]) => file).sort(), name).toEqual(
        secrets.map((secret) => `/run/secrets/${secret}`).sort(),
      );
    }
    const used = Object.values(services).flatMap(({ secrets = [] }) => secrets);
    expect([...new Set(used)].sort()).toEqual(Object.keys(composed.secrets).sort());
    for (const [name, { file }] of Object.entries(composed.secrets)) expect(file).toBe(`./secrets/${name}`);
    expect(read('.gitignore').split('\n')).toContain('deploy/secrets');
  });

  it('are one Secret that is named, not made, and mounted where it is read: Kubernetes', () => {
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const [volume] = pod.volumes;
    const [mount] = container.volumeMounts;
    expect(mount).toMatchObject({ name: volume.name, readOnly: true });
    const paths = volume.secret.items.map(({ path }: { path: string }) => `${mount.mountPath}/${path}`);
    const files = Object.entries(inPod).filter(([variable]) => variable.endsWith('_FILE'));
    expect(files.map(([, file]) => file)).toEqual(paths);
    for (const { key } of volume.secret.items) expect(read('docs/operations.md')).toContain(`--from-file=${key}=`);
    expect(volume.secret.defaultMode).toBe(0o440);
  });

  it('everything else that compose.yaml refers to is there', () => {
    for (const [name, service] of Object.entries(services)) {
      expect(
        service.networks.filter((network) => !(network in composed.networks)),
        name,
      ).toEqual([]);
      expect(
        Object.keys(service.depends_on ?? {}).filter((other) => !(other in services)),
        name,
      ).toEqual([]);
      for (const { source } of service.configs ?? [])
        expect(existsSync(join(ROOT, 'deploy', String(composed.configs[source]?.file)))).toBe(true);
    }
    expect(composed.networks['inside']).toEqual({ internal: true });
    expect(services['redis']?.networks).toEqual(['inside']);
    expect(Object.entries(services).flatMap(([name, { ports }]) => (ports === undefined ? [] : [name]))).toEqual([
      'proxy',
    ]);
  });
});

verifies(
  'deploy.ledger',
  'compose.ledger.yaml gives each instance a file of its own, in the folder that is made',
  () => {
    const text = read('deploy/compose.ledger.yaml');
    expect(composeProblems(text)).toEqual([]);
    const ledgers: Record<string, { environment: Record<string, string>; volumes: string[] }> = parse(text).services;
    expect(Object.keys(ledgers)).toEqual(servers.map(([name]) => name));
    const files = servers.map(([name, { environment }]) => {
      const { to } = parseConfig({ ...environment, ...ledgers[name]?.environment, SCALEKIT_CLIENT_SECRET: 's' }).audit;
      return typeof to === 'object' ? to.file : to;
    });
    expect(new Set(files).size).toBe(servers.length);
    const [folder, ...others] = new Set(files.map((file) => dirname(file)));
    expect(others).toEqual([]);
    for (const { volumes } of Object.values(ledgers)) expect(volumes).toEqual([`${folder}:${folder}`]);
    expect(read('docs/operations.md')).toContain(`mkdir -p -m 0700 ${folder}\nchown ${uid} ${folder}\n`);
  },
);

verifies.group('deploy.hardened', 'containers are confined', () => {
  it.each(Object.entries(services))('compose: %s', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.cap_add).toBeUndefined();
    expect(service.user).toBe(uid);
    // Built here, or of one line, to which a digest can be added.
    const fromRegistry = /^[\w/-]+:\d+\.\d+-alpine(@sha256:[\da-f]{64}|\$\{(\w+_DIGEST):-\})$/.exec(service.image);
    if (fromRegistry === null) expect(service.image).toMatch(/^scalekit-mcp-server:\d+\.\d+\.\d+$/);
    else if (fromRegistry[2] !== undefined)
      expect(read('deploy/.env.example')).toContain(`# ${fromRegistry[2]}=@sha256:`);
  });

  it('compose: the base image of what is built here takes a digest too', () => {
    for (const [name, { build }] of servers) expect(build?.args, name).toEqual({ NODE_DIGEST: `\${NODE_DIGEST:-}` });
    expect(read('deploy/.env.example')).toContain('# NODE_DIGEST=@sha256:');
  });

  it('compose: what clients reach cannot reach Redis', () => {
    const near = (name: string) => services[name]?.networks ?? [];
    expect(near('proxy').filter((network) => near('redis').includes(network))).toEqual([]);
    for (const [name] of servers) {
      for (const other of ['proxy', 'redis'])
        expect(near(other).some((network) => near(name).includes(network))).toBe(true);
    }
  });

  it('docker run', () => {
    expect(docker).toMatchObject({ readOnly: true, noNewPrivileges: true, argv: [] });
  });

  it('Kubernetes, as its restricted profile demands', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([pod.automountServiceAccountToken, manifest('ServiceAccount')['automountServiceAccountToken']]).toEqual([
      false,
      false,
    ]);
    expect(manifest('Namespace').metadata.labels).toEqual({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(manifest('NetworkPolicy').spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });
});
