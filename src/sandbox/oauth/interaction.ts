import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import { OIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { PEOPLE } from '../data/people.ts';
import { consentPage } from '../pages/consent-page.ts';
import { errorPage } from '../pages/error-page.ts';
import { loginPage } from '../pages/login-page.ts';
import { sendPage } from '../pages/page.ts';
import type { Place } from '../place.ts';
import type { Model } from './adapter.ts';
import { grantableScopes, IDENTITY_SCOPES, splitScope } from './scopes.ts';

const NAMELESS = 'An application without a name';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One step of one authorization request, with the browser that goes through it. */
interface Step {
  readonly interaction: Interaction;
  readonly req: Request;
  readonly res: Response;
}

/** The pages between the provider's redirects: who are you, and what may the client do. */
export function interactionRoutes(provider: Provider, place: Place, grants: Model): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const form = express.urlencoded({ extended: false, limit: '16kb' });
  const step = (handle: (step: Step) => Promise<void>): RequestHandler =>
    withInteraction(provider, place.target.published, handle);

  router.get(
    '/:uid',
    step(async (current) => (isLogin(current) ? showLogin(current) : showConsent(current))),
  );
  router.get('/:uid/account', step(showLogin));
  // Where forms are sent, for whoever opens such an address again, by a reload or from a tab that was closed.
  router.get(['/:uid/login', '/:uid/consent'], step(backToPage));
  router.post('/:uid/login', form, step(signIn));
  router.post('/:uid/consent', form, step(decide));
  return router;

  async function showLogin({ interaction, res }: Step): Promise<void> {
    const clientName = (await clientOf(interaction))?.clientName ?? NAMELESS;
    const action = `${addressOf(interaction)}/login`;
    sendPage(res, loginPage({ clientName, people: PEOPLE, action, redirectUri: redirectUriOf(interaction) }));
  }

  async function showConsent({ interaction, req, res }: Step, nothingTicked = false): Promise<void> {
    const person = personOf(interaction);
    const client = await clientOf(interaction);
    const scopes = grantableScopes(interaction.params['scope']);
    if (scopes.length === 0) {
      const error_description = 'None of the requested scopes is known here.';
      return provider.interactionFinished(req, res, { error: 'invalid_scope', error_description });
    }
    sendPage(
      res,
      consentPage({
        clientName: client?.clientName ?? NAMELESS,
        person,
        resources: resourcesOf(interaction),
        offered: offeredScopes(interaction),
        always: scopes.filter(isIdentity),
        granted: grantedBefore(interaction),
        ticked: tickedBy(req.query['tick']),
        staysConnected: client?.grantTypeAllowed('refresh_token') === true,
        nothingTicked,
        address: addressOf(interaction),
        redirectUri: redirectUriOf(interaction),
      }),
    );
  }

  async function backToPage({ interaction, res }: Step): Promise<void> {
    res.redirect(303, addressOf(interaction));
  }

  async function signIn({ interaction, req, res }: Step): Promise<void> {
    const person = PEOPLE.find(({ id }) => id === req.body?.account);
    if (person === undefined) return showLogin({ interaction, req, res });
    const returnTo = await provider.interactionResult(req, res, { login: { accountId: person.id } });
    if (interaction.session !== undefined && interaction.session.accountId !== person.id) {
      await signOut(interaction.session.uid);
    }
    res.redirect(303, returnTo);
  }

  /** The provider would put a logout page with a script in between when another person was signed in before. */
  async function signOut(sessionUid: string): Promise<void> {
    const session = await provider.Session.findByUid(sessionUid);
    if (session === undefined) return;
    delete session.accountId;
    await session.persist();
  }

  async function decide({ interaction, req, res }: Step): Promise<void> {
    if (interaction.prompt.name !== 'consent') return res.redirect(303, addressOf(interaction));
    const isAllowed = req.body?.decision === 'allow';
    const offered = offeredScopes(interaction);
    const ticked = isAllowed ? offered.filter((scope) => [req.body.scope].flat().includes(scope)) : [];
    if (isAllowed && offered.length > 0 && ticked.length === 0) return showConsent({ interaction, req, res }, true);
    if (!isAllowed) {
      const error_description = 'The person did not grant access.';
      return provider.interactionFinished(req, res, { error: 'access_denied', error_description });
    }
    const grantId = await saveGrant(interaction, ticked);
    return provider.interactionFinished(req, res, { consent: { grantId } });
  }

  /**
   * Identity scopes are granted whatever was ticked, and for the resource as well, as Scalekit's access tokens list them.
   * What was unticked is recorded as refused: the provider would ask for it again at once otherwise.
   */
  async function saveGrant(interaction: Interaction, ticked: readonly string[]): Promise<string> {
    const grant = new provider.Grant({
      accountId: personOf(interaction).id,
      clientId: String(interaction.params['client_id']),
    });
    const asked = grantableScopes(interaction.params['scope']);
    const identity = asked.filter(isIdentity);
    const granted = asked.filter((scope) => isIdentity(scope) || ticked.includes(scope));
    const refused = asked.filter((scope) => !granted.includes(scope));
    grant.addOIDCScope(identity.join(' '));
    for (const resource of resourcesOf(interaction)) {
      grant.addResourceScope(resource, granted.join(' '));
      grant.rejectResourceScope(resource, refused.join(' '));
    }
    return grant.save();
  }

  /** What the person allowed this client the last time; `undefined` if they never have. */
  function grantedBefore(interaction: Interaction): string[] | undefined {
    const { id } = personOf(interaction);
    const clientId = String(interaction.params['client_id']);
    const grant = grants.findLast((payload) => payload.accountId === id && payload.clientId === clientId);
    return grant && Object.values(grant['resources'] ?? {}).flatMap(splitScope);
  }

  function clientOf(interaction: Interaction) {
    return provider.Client.find(String(interaction.params['client_id']));
  }

  function personOf(interaction: Interaction) {
    const person = PEOPLE.find(({ id }) => id === interaction.session?.accountId);
    if (person === undefined) throw new Error('Consent was asked of nobody.');
    return person;
  }

  function addressOf(interaction: Interaction): string {
    return `${place.addresses.issuer}/interaction/${interaction.uid}`;
  }
}

/** Finds the interaction that the browser's cookie belongs to; without one there is nothing to continue. */
function withInteraction(provider: Provider, serverUrl: string, handle: (step: Step) => Promise<void>): RequestHandler {
  return async (req, res) => {
    try {
      const interaction = await provider.interactionDetails(req, res);
      await handle({ interaction, req, res });
    } catch (error) {
      if (!(error instanceof OIDCProviderError)) throw error;
      sendPage(res, errorPage({ error: 'expired', serverUrl }));
    }
  };
}

function isLogin({ interaction }: Step): boolean {
  return interaction.prompt.name === 'login';
}

function tickedBy(query: unknown): 'look' | 'all' | undefined {
  return query === 'look' || query === 'all' ? query : undefined;
}

/** What a person can tick. */
function offeredScopes(interaction: Interaction): string[] {
  return grantableScopes(interaction.params['scope']).filter((scope) => !isIdentity(scope));
}

function isIdentity(scope: string): boolean {
  return IDENTITY_SCOPES.includes(scope);
}

function resourcesOf(interaction: Interaction): string[] {
  const { resource } = interaction.params;
  return (Array.isArray(resource) ? resource : [resource]).filter((entry) => typeof entry === 'string');
}

function redirectUriOf(interaction: Interaction): string | undefined {
  const uri = interaction.params['redirect_uri'];
  return typeof uri === 'string' && URL.canParse(uri) ? uri : undefined;
}
