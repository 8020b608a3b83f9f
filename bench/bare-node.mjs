// The least that Node can do: reads a request like a POST and answers with bytes that are there already.

import { createServer } from 'node:http';
import { answerOf, read, ready } from './same-bytes.mjs';

const server = createServer((request, response) => {
  read(request, () => {
    const { status, bytes } = answerOf(request.url);
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  });
});
ready(server);
