// A minimal Scalekit: keys, tokens, and an API whose answers never change. It counts the requests.

import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { answerTo, isLookUp } from './api-answers.mjs';

const SERVER_ID = 'res_1234567890';
const TOKEN_SECONDS = 3600;

const { privateKey, publicKey } = await generateKeyPair('RS256');
const kid = 'snk_1';
const keys = Buffer.from(
  JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }] }),
);
const counts = { operations: 0, lookUps: 0 };
let delayMs = 0;

const server = createServer((request, response) => {
  request.resume();
  const { url } = request;
  const send = (bytes) => {
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  };
  if (url === '/keys') return send(keys);
  // What a server asks once, at its start: is this an authorization server, and is it the management API?
  if (url.includes('/.well-known/')) return send(Buffer.from(JSON.stringify({ issuer: issuer(request) })));
  if (request.headers.authorization === undefined) return send(Buffer.from('{"environments":[]}'));
  counts[isLookUp(url) ? 'lookUps' : 'operations']++;
  if (delayMs === 0) return send(answerTo(url));
  setTimeout(send, delayMs, answerTo(url));
});

function issuer({ headers: { host } }) {
  return `http://${host}/resources/${SERVER_ID}`;
}

function mint(url, scope) {
  return new SignJWT({ client_id: 'm2m_1', scope })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(`${url}/resources/${SERVER_ID}`)
    .setAudience(SERVER_ID)
    .setSubject('usr_1')
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + TOKEN_SECONDS)
    .sign(privateKey);
}

const answers = {
  counts: () => ({ ...counts }),
  delay: (ms) => {
    delayMs = ms;
    return ms;
  },
};
process.on('message', ({ id, question, value }) => process.send({ id, answer: answers[question](value) }));

server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const token = await mint(url, 'environment:read organization:read organization:write');
  const weakToken = await mint(url, 'environment:read');
  console.log(JSON.stringify({ event: 'ready', url, serverId: SERVER_ID, token, weakToken }));
});
