// The same as bare-node.mjs with one route of Express, whose unnecessary features are switched off.

import { createServer } from 'node:http';
import express from 'express';
import { answerOf, read, ready } from './same-bytes.mjs';

const app = express();
app.disable('x-powered-by').disable('etag').set('query parser', false);
app.post('/:number', (request, response) => {
  read(request, () => {
    const { status, bytes } = answerOf(request.url);
    response.status(status);
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  });
});
ready(createServer(app));
