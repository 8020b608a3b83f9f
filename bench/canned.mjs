// Loaded before the server (`node --import`): the API's answers come from this process, not over a connection. All code
// of the server up to undici's dispatcher still runs and is measured.

import { Pool } from 'undici';
import { answerTo } from './api-answers.mjs';

const headers = { 'content-type': 'application/json' };

Pool.prototype.dispatch = ({ path }, handler) => {
  let isAborted = false;
  const controller = {
    abort(reason) {
      isAborted = true;
      handler.onResponseError(controller, reason);
    },
  };
  handler.onRequestStart(controller, {});
  setImmediate(() => {
    if (isAborted) return;
    handler.onResponseStart(controller, 200, headers, 'OK');
    handler.onResponseData(controller, answerTo(path));
    handler.onResponseEnd(controller, {});
  });
  return true;
};
