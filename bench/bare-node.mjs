// The minimal server in Node: reads the body of a request and answers with prepared bytes.

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
