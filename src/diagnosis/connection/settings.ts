import type { z } from 'zod';
import type { SamlConfig } from '../../platform/entities/connection.ts';
import { CONNECTION_STATES, CONNECTION_TYPES, wordOf } from '../../platform/enum-words.ts';
import { failed, type Outcome, passed, unknown, warned } from '../finding.ts';
import type { Read } from './read.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A certificate that ends within so many days is told. */
const SOON_DAYS = 30;

/** What a connection needs before anybody can sign in through it, by its protocol. */
const NEEDED = {
  OIDC: ['issuer', 'authorize_uri', 'token_uri', 'jwks_uri', 'client_id'],
  SAML: ['idp_entity_id', 'idp_sso_url'],
} as const;

/** Checks how a connection is set up, and whether it is on. */
export function checkSettings(read: Read, now: Date): Outcome[] {
  const { connection, owner } = read;
  const kind = owner === undefined ? 'environment' : 'organization';
  const type = wordOf(CONNECTION_TYPES, connection.type);
  if (wordOf(CONNECTION_STATES, connection.status) !== 'COMPLETED') return [notConfigured(read, type, kind)];
  return [
    passed('configured'),
    connection.enabled === true
      ? passed('enabled')
      : failed('enabled', {
          seen: 'The connection is configured and switched off: nobody can sign in through it.',
          to_do: 'Switch it on, unless somebody has switched it off for a reason.',
          next_tool: `enable_${kind}_connection`,
        }),
    ...(type === 'SAML' ? [checkCertificates(read, now)] : []),
    ...(type === 'OIDC' ? [checkScopes(read, kind)] : []),
  ];
}

function notConfigured({ connection }: Read, type: string | null | undefined, kind: string): Outcome {
  const gaps = gapsOf(connection, type);
  const seen = 'The connection is a draft, or its configuration is not complete: it cannot be switched on.';
  const told =
    type === 'OIDC' && gaps.length === 0
      ? 'Set what is missing, such as client_secret, which is never shown.'
      : 'Set what `found` names.';
  const isSettable = type === 'OIDC' || (type === 'SAML' && kind === 'organization');
  return failed('configured', {
    seen,
    found: { type, status: connection.status, missing: gaps },
    ...(isSettable
      ? { to_do: told, next_tool: `update_${kind}_${type.toLowerCase()}_connection` }
      : { to_do: 'Finish it in the Scalekit dashboard, under the connection.' }),
  });
}

function gapsOf({ oidc_config, saml_config }: Read['connection'], type: string | null | undefined): string[] {
  if (type === 'OIDC') {
    const scopes = oidc_config?.scopes?.length ? [] : ['scopes'];
    return [...NEEDED.OIDC.filter((name) => !oidc_config?.[name]), ...scopes].map((name) => `oidc_config.${name}`);
  }
  if (type !== 'SAML') return [];
  const certificates = saml_config?.idp_certificates?.length ? [] : ['idp_certificates'];
  return [...NEEDED.SAML.filter((name) => !saml_config?.[name]), ...certificates].map((name) => `saml_config.${name}`);
}

function checkCertificates({ connection: { saml_config: config }, owner }: Read, now: Date): Outcome {
  const check = 'certificate';
  const ends = endsOf(config);
  const next_tool = owner === undefined ? 'get_environment_connection' : 'update_organization_saml_connection';
  const to_do = 'Take the new certificate, or the metadata URL, from the identity provider.';
  const last = Math.max(...ends);
  if (ends.length === 0) {
    const seen = 'When the certificate of the identity provider ends is not told.';
    return unknown(check, { seen, next_tool });
  }
  if (last <= now.getTime()) {
    const seen = 'Every certificate of the identity provider has expired: its assertions are refused.';
    return failed(check, { seen, found: ends.map(isoOf), to_do, next_tool });
  }
  if (last > now.getTime() + SOON_DAYS * DAY_MS) return passed(check);
  const seen = `The last certificate of the identity provider ends within ${SOON_DAYS} days.`;
  return warned(check, { seen, found: ends.map(isoOf), to_do, next_tool });
}

function endsOf(config: z.output<typeof SamlConfig> | null | undefined): number[] {
  return (config?.idp_certificates ?? [])
    .map(({ expiry_time }) => Date.parse(expiry_time ?? ''))
    .filter((time) => !Number.isNaN(time));
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

function checkScopes({ connection: { oidc_config } }: Read, kind: string): Outcome {
  const scopes = (oidc_config?.scopes ?? []).map((scope) => scope.toLowerCase());
  const missing = ['openid', 'email'].filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return passed('scopes');
  const seen =
    'The connection does not ask its identity provider for all that a sign-in needs: who it is, and the address.';
  const to_do = 'Add these scopes to the others.';
  const next_tool = `update_${kind}_oidc_connection`;
  return failed('scopes', { seen, found: { asked: scopes, missing }, to_do, next_tool });
}
