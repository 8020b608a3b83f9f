import type { RequestHandler, Response } from 'express';
import { INFO_PATH, MARKDOWN_PATH } from '../http/origin.ts';
import { FRONT_SCRIPT, TRIAL_SCRIPT } from './assets.ts';
import { type Front, type FrontSources, frontOf } from './front.ts';
import { frontContent } from './front-content.ts';
import { frontMarkdown } from './front-markdown.ts';
import { KeptPages } from './kept-pages.ts';
import { byForm, bytesOf, type InTwoForms, policyOf, sendBytes, sendMarkdown } from './page.ts';

/** The handlers of the page that people come home to: what this server is, how to connect to it, what it can do. */
export function frontPage(sources: FrontSources): InTwoForms {
  const kept = new KeptPages();
  const markdown = answeredBy(sources, (response, front) => {
    const bytes = kept.of('markdown', front, () => Buffer.from(frontMarkdown(front)));
    sendMarkdown(response, bytes, INFO_PATH, statusOf(front));
  });
  const page = byForm(
    answeredBy(sources, (response, front) => send(response, front, kept, sources)),
    markdown,
  );
  return { page, markdown };
}

/** A handler that answers with what the page says to a request. Whoever calls it need not wait for it, or catch anything. */
function answeredBy(sources: FrontSources, answer: (response: Response, front: Front) => void): RequestHandler {
  return (request, response, next) => {
    frontOf(request, sources)
      .then((front) => answer(response, front))
      .catch(next);
  };
}

function send(response: Response, front: Front, kept: KeptPages, { trialOrigins }: FrontSources): void {
  const isSandbox = front.whole.realm.sandbox === true;
  const frame = {
    title: 'Connect an assistant',
    scripts: [FRONT_SCRIPT, ...(isSandbox ? [TRIAL_SCRIPT] : [])],
    calls: trialOrigins,
    hasForms: true,
    markdown: MARKDOWN_PATH,
  };
  const bytes = kept.of('html', front, () => bytesOf({ ...frame, main: frontContent(front) }));
  sendBytes(response, bytes, policyOf(frame), statusOf(front));
}

function statusOf({ problem }: Front): number {
  return problem === undefined ? 200 : 400;
}
