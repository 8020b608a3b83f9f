// The image's HEALTHCHECK: whether the server in this container is ready. The image has no curl.
//
//   node healthcheck.mjs   0 when it is, anything else when it is not or does not answer
const port = process.env.PORT || '3002';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
process.exitCode = answer.ok ? 0 : 1;
