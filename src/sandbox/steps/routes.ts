import express, { type RequestHandler, type Response, type Router } from 'express';
import type { Link, Step } from '../links.ts';
import { html } from '../pages/html.ts';
import { sendPage } from '../pages/page.ts';
import { wayOn } from '../pages/way-on.ts';
import type { Store } from '../store.ts';
import { accountTask } from './accounts.ts';
import { connectionTest } from './connection-test.ts';
import { portalTask } from './portal.ts';
import type { Task } from './task.ts';

/** The pages behind the links of the environment: opening one changes nothing, its button finishes the step. */
export function stepRoutes(store: Store): Router {
  const router = express.Router({ caseSensitive: true, strict: true });

  router.get(
    '/magicLink/:token',
    withLink(store, ({ task, res }) => ask(res, task)),
  );
  router.post(
    '/magicLink/:token',
    withLink(store, ({ task, link, res }) => {
      link.isUsed = true;
      finish(res, task);
    }),
  );

  router.get('/sso/v1/connections/:id/test', withConnection(store, ask));
  router.post('/sso/v1/connections/:id/test', withConnection(store, finish));
  return router;
}

interface OpenLink {
  readonly link: Link;
  readonly task: Task;
  readonly res: Response;
}

function withLink(store: Store, handle: (open: OpenLink) => void): RequestHandler<{ token: string }> {
  return (req, res) => {
    const link = store.links.find(req.params.token);
    if (link === undefined) return refuse(res, 404, 'This link leads nowhere', UNKNOWN);
    if (link.isUsed) return refuse(res, 410, 'This link has been used', 'What it was for is done.');
    if (link.expiresAt <= Date.now()) return refuse(res, 410, 'This link has expired', ANOTHER);
    const task = taskOf(store, link.step);
    if (task === undefined) return refuse(res, 410, 'There is nothing left to do', GONE);
    handle({ link, task, res });
  };
}

/** Tests beyond which the oldest are forgotten. */
const MAX_TESTS = 1000;

const UNKNOWN = 'The sandbox did not hand it out, or was restarted since. Ask for a new one where you got it.';
const ANOTHER = 'Such links are good for a short time. Ask for a new one where you got it.';
const GONE = 'What the link was for has been deleted.';

function taskOf(store: Store, step: Step): Task | undefined {
  const environment = store.environments.find(({ id }) => id === step.environmentId);
  if (environment === undefined) return undefined;
  if (step.kind === 'account') return accountTask(store.contentOf(environment), step.accountId);
  return portalTask(store, environment, step.organizationId);
}

function withConnection(store: Store, handle: (res: Response, task: Task) => void): RequestHandler<{ id: string }> {
  return (req, res) => {
    const contents = store.environments.map((environment) => store.contentOf(environment));
    const isSought = ({ id }: { readonly id: string }) => id === req.params.id;
    const content = contents.find(({ ssoConnections }) => ssoConnections.some(isSought));
    const connection = content?.ssoConnections.find(isSought);
    if (content === undefined || connection === undefined) {
      return refuse(res, 404, 'There is no such connection', UNKNOWN);
    }
    const task = connectionTest(connection, (result) => {
      const id = store.newId('test');
      if (content.connectionTests.length === MAX_TESTS) content.connectionTests.shift();
      content.connectionTests.push({ id, connection_id: connection.id, ...result });
      return id;
    });
    handle(res, task);
  };
}

function ask(res: Response, { title, question, button }: Task): void {
  sendPage(res, {
    title,
    main: html`
<h1>${title}</h1>
${question}
<form method="post" action="${res.req.originalUrl}">
<div class="actions"><button class="primary" name="decision" value="finish" autofocus>${button}</button></div>
</form>`,
  });
}

function finish(res: Response, task: Task): void {
  const outcome = task.finish();
  sendPage(res, {
    title: 'Done',
    main: html`
<h1 tabindex="-1" autofocus>Done</h1>
${outcome}
<p class="soft small">You can close this page, and go back to where you came from.</p>
${wayOn()}`,
  });
}

function refuse(res: Response, status: number, title: string, text: string): void {
  sendPage(res, { title, status, main: html`\n<h1>${title}</h1>\n<p>${text}</p>\n${wayOn()}` });
}
