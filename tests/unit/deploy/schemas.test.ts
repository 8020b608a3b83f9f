import { describe, expect, it } from 'vitest';
import { COMPOSE_TEXT, composeProblems } from '../../fixtures/compose.ts';
import { manifest, manifests } from '../../fixtures/deployments.ts';
import { type Manifest, problemsOf } from '../../fixtures/manifests.ts';
import { verifies } from '../../verifies.ts';

describe('the Kubernetes manifests', () => {
  it('are those that a server needs', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
  });

  verifies.each(
    'deploy.schemas',
    manifests.map((one) => [one.kind, one] as const),
  )('fit their schema: %s', (_, one) => {
    expect(problemsOf(one)).toEqual([]);
  });

  verifies.each<[string, string, (spec: Manifest['spec']) => void, RegExp]>('deploy.schemas', [
    ['an unknown field', 'Deployment', (spec) => Object.assign(spec, { replica: 2 }), /^\/spec\/replica: unknown$/],
    [
      'an unknown field deep down',
      'Deployment',
      ({ template }) => Object.assign(template.spec.containers[0].securityContext, { readOnlyRootFileSystem: true }),
      /containers\/0\/securityContext\/readOnlyRootFileSystem: unknown$/,
    ],
    [
      'a number as text',
      'Service',
      ({ ports }) => Object.assign(ports[0], { port: '80' }),
      /^\/spec\/ports\/0\/port: type/,
    ],
    [
      'text as a number',
      'Deployment',
      ({ template }) => Object.assign(template.spec, { serviceAccountName: 7 }),
      /type/,
    ],
    ['a missing selector', 'Deployment', (spec) => delete spec.selector, /^\/spec: required .*selector/],
    ['a wrong kind of list', 'NetworkPolicy', (spec) => Object.assign(spec, { egress: {} }), /^\/spec\/egress: type/],
  ])('would not fit with %s', (_, kind, plant, expected) => {
    const planted = structuredClone(manifest(kind));
    plant(planted.spec);
    expect(problemsOf(planted)).toEqual([expect.stringMatching(expected)]);
  });

  verifies('deploy.schemas', 'of a kind that nobody publishes are refused', () => {
    expect(problemsOf({ ...manifest('Service'), kind: 'Servise' })).toEqual(['no schema of v1 Servise']);
  });
});

describe('compose.yaml', () => {
  verifies('deploy.schemas', 'fits the schema of the Compose specification', () => {
    expect(composeProblems(COMPOSE_TEXT)).toEqual([]);
  });

  verifies.each('deploy.schemas', [
    ['an unknown field', 'pids_limit: 64', 'pid_limit: 64', /additional properties/],
    ['a wrong type', 'pids_limit: 64', 'pids_limit: [64]', /must be number,string/],
    ['an unknown condition', 'condition: service_healthy', 'condition: healthy', /depends_on/],
    ['an unknown part', 'configs:\n  proxy', 'konfigs:\n  proxy', /additional properties/],
    ['broken text', 'services:', 'services: [', /Invalid YAML/],
  ])('would not fit with %s', (_, right, wrong, expected) => {
    expect(COMPOSE_TEXT).toContain(right);
    expect(composeProblems(COMPOSE_TEXT.replace(right, wrong)).join()).toMatch(expected);
  });
});
