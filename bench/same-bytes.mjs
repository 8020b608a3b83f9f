// Shared by the servers to compare with: they send the answers that the real server gave, by the number in the path.

import { readFileSync } from 'node:fs';

const answers = JSON.parse(readFileSync(process.env.ANSWERS_FILE, 'utf8')).map(({ status, body }) => ({
  status,
  bytes: Buffer.from(body),
}));

export const answerOf = (url) => answers[Number(url.slice(1))];

/** Collects the body, and calls back when it has ended. */
export function read(request, done) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', done);
}

export function ready(server) {
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
  });
}
