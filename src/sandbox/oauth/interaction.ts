import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import { OIDCProviderError, SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { consentPage } from '../pages/consent-page.ts';
import { errorPage } from '../pages/error-page.ts';
import { loginPage } from '../pages/login-page.ts';
import { sendPage } from '../pages/page.ts';
import { isUrl } from '../parse-url.ts';
import { grantableTo, type ProtectedServer } from './protected-server.ts';
import { isIdentityScope, splitScope } from './scopes.ts';

const NAMELESS = 'An application without a name';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One step of one authorization request, with the browser that goes through it. */
interface Step {
  readonly interaction: Interaction;
  readonly req: Request;
  readonly res: Response;
}

/** The pages between the provider's redirects: who are you, and what may the client do. */
export function interactionRoutes(provider: Provider, server: ProtectedServer): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const form = express.urlencoded({ extended: false, limit: '16kb' });
  const step = (handle: (step: Step) => Promise<void>): RequestHandler => withInteraction(provider, server, handle);

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
    sendPage(res, loginPage({ clientName, people: server.accounts, action, redirectUri: redirectUriOf(interaction) }));
  }

  async function showConsent({ interaction, req, res }: Step, nothingTicked = false): Promise<void> {
    const person = personOf(interaction);
    const client = await clientOf(interaction);
    const scopes = scopesOf(interaction);
    if (scopes.length === 0 && splitScope(interaction.params['scope']).length > 0) {
      const error_description = 'None of the requested scopes is known here.';
      return provider.interactionFinished(req, res, { error: 'invalid_scope', error_description });
    }
    sendPage(
      res,
      consentPage({
        clientName: client?.clientName ?? NAMELESS,
        person,
        server: server.shownAs,
        describe: (scope) => server.scopes.describe(scope),
        offered: scopes.filter(isOffered),
        always: scopes.filter((scope) => !isOffered(scope)),
        granted: server.allowedBefore(clientIdOf(interaction), person.id),
        ticked: tickedBy(req.query['tick']),
        ...lasting(client),
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
    const person = server.accounts.find(({ id }) => id === req.body?.account);
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
    const offered = scopesOf(interaction).filter(isOffered);
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
    const allowance = { accountId: personOf(interaction).id, clientId: clientIdOf(interaction) };
    const grant = new provider.Grant(allowance);
    const asked = scopesOf(interaction);
    const granted = asked.filter((scope) => !isOffered(scope) || ticked.includes(scope));
    const refused = asked.filter((scope) => !granted.includes(scope));
    grant.addOIDCScope(asked.filter(isIdentityScope).join(' '));
    for (const resource of resourcesOf(interaction)) {
      grant.addResourceScope(resource, granted.join(' '));
      grant.rejectResourceScope(resource, refused.join(' '));
    }
    const id = await grant.save();
    server.allowed({ ...allowance, scopes: granted }, id);
    return id;
  }

  function scopesOf(interaction: Interaction): readonly string[] {
    return grantableTo(server, interaction.params['client_id'], interaction.params['scope']);
  }

  /** Whether a person can tick it. */
  function isOffered(scope: string): boolean {
    return server.scopes.selectable && !isIdentityScope(scope);
  }

  /** For how long the client gets in. */
  function lasting(client: Awaited<ReturnType<typeof clientOf>>) {
    const { access, refresh } = server.lifetimes(client?.clientId ?? '');
    const staysConnected = client?.grantTypeAllowed('refresh_token') === true;
    return { staysConnected, lastsSeconds: staysConnected ? refresh : access };
  }

  function clientOf(interaction: Interaction) {
    return provider.Client.find(clientIdOf(interaction));
  }

  function personOf(interaction: Interaction) {
    const person = server.accounts.find(({ id }) => id === interaction.session?.accountId);
    // Whoever was deleted while they were signing in.
    if (person === undefined) throw new SessionNotFound('the person is gone');
    return person;
  }

  function addressOf(interaction: Interaction): string {
    return `${server.issuer}/interaction/${interaction.uid}`;
  }
}

/** Finds the interaction that the browser's cookie belongs to; without one there is nothing to continue. */
function withInteraction(
  provider: Provider,
  server: ProtectedServer,
  handle: (step: Step) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    try {
      const interaction = await provider.interactionDetails(req, res);
      await handle({ interaction, req, res });
    } catch (error) {
      if (!(error instanceof OIDCProviderError)) throw error;
      sendPage(res, errorPage({ error: 'expired', serverUrl: server.url }));
    }
  };
}

function isLogin({ interaction }: Step): boolean {
  return interaction.prompt.name === 'login';
}

function tickedBy(query: unknown): 'look' | 'all' | undefined {
  return query === 'look' || query === 'all' ? query : undefined;
}

function clientIdOf(interaction: Interaction): string {
  return String(interaction.params['client_id']);
}

function resourcesOf(interaction: Interaction): string[] {
  const { resource } = interaction.params;
  return (Array.isArray(resource) ? resource : [resource]).filter((entry) => typeof entry === 'string');
}

function redirectUriOf(interaction: Interaction): string | undefined {
  const uri = interaction.params['redirect_uri'];
  return typeof uri === 'string' && isUrl(uri) ? uri : undefined;
}
