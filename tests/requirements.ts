/** A promise, and where there is one the URL of the section of a specification that asks for it. */
interface Requirement {
  readonly promise: string;
  readonly source?: string;
}

/**
 * What this server promises. A test verifies a promise by its id, `verifies('wire.batch', …)`; a run of all tests fails
 * when a promise is left that no test has verified.
 */
export const REQUIREMENTS = {
  // Configuration
  'trace.lost': 'A collector that takes no spans is one warning in the log, and one line when it takes them again.',
  'config.words':
    'Whatever a variable is set to, the problem is told in words of this server, with what may stand there.',
  'config.digits':
    'A number is decimal digits alone: other ways to write one are refused, because a reader of the file would take them for another.',
  'config.json-place':
    'Of JSON that cannot be read, the line and column are told, and what should stand there, without the text; a member that is there twice is refused.',
  'config.unseen':
    'A character in a value that nobody sees is refused, with its number and place; so is a line break or tab in the middle of a secret.',
  'config.repeated-lines': 'A variable that .env sets in several lines is a warning, with their numbers.',
  'config.wrong-ids':
    'An id of another kind in a list of callers or audiences, or in place of the client or its secret, is a warning, without the id.',
  'config.others-audience':
    'EXPECTED_AUDIENCE with ids and addresses of other servers alone is a warning at start: all tokens would be refused.',
  'config.proxy-counted':
    'PUBLIC_URL with https and no TRUST_PROXY is a warning: all clients would have the address of the proxy.',
  'config.collector':
    'A collector of spans that is no URL is refused; one that is to be spoken to in gRPC is a warning.',
  'config.without-effect':
    'METRICS_HOST without METRICS_PORT, and PRODUCTION_WRITES and tools that change something beside READ_ONLY, are warnings.',
  'config.env-lines':
    'A .env that is not UTF-8, or has lines that were meant to set something and do not, is refused by a server: it would start on other settings, or on the sandbox.',
  'config.ids': 'A list of callers with quotation marks, brackets or wildcards is refused: it would admit nobody.',
  'config.copied-values':
    'A secret or id with quotation marks around it, with its name before it, or as the example has it, is a warning.',
  'config.idle-lines': 'Lines of .env that only the process can set are a warning.',
  'config.folder':
    'In a folder that may be somebody else’s, .env decides neither where a secret of the process goes nor which files are read or written.',
  'config.frozen': 'One frozen configuration object, every variable checked.',
  'config.problems': 'All problems of a configuration in one readable list, exit code 78, nothing started.',
  'config.sandbox':
    'Without a Scalekit environment the sandbox is used, outside production only, with an unmistakable notice.',
  'config.real-deployment':
    'The sandbox refuses to start (78) beside a client id or secret, any other SCALEKIT_* but those for hosted servers, or a near miss of one, a PUBLIC_URL or HOST beyond loopback, and in production, and names the variable and the one that was meant.',
  'config.sandbox-told':
    'On the sandbox, whoami has sandbox: true and the instructions say it; beyond it neither does.',
  'config.sandbox-mode': 'SANDBOX_MODE=environment shows environment mode on the sandbox.',
  'config.one-problem':
    'One mistake is one problem, which names its variable; near misses of our names, a broken proxy and a secret that cannot be read are mistakes.',
  'config.warnings':
    'What works and is probably not meant, such as two modes that are mixed, or a name that begins like ours and is not read, is a warning at start.',
  'config.drain':
    'DRAIN_TIMEOUT_MS is longer than a call may take, by default and in deploy/; a shorter one is a warning at start.',
  'config.env-file': 'A .env file is read; real variables win; the start says which one was read, or that none was.',
  'config.exposure': 'A host that others can reach demands PUBLIC_URL or ALLOWED_HOSTS.',
  'config.public-url': 'Production demands PUBLIC_URL: exit code 78 without it, wherever the server listens.',
  'config.plain-urls':
    'A name that is not loopback is allowed without PUBLIC_URL: one warning at start that names it, since clients are told http addresses.',
  'config.admission': 'Environment mode refuses to start without a list of whom it serves.',
  'config.public-clients':
    'README.md, .env.example and SECURITY.md say that ALLOWED_CLIENTS alone is for confidential machine clients only.',
  'config.secret-files':
    'Secrets may come from files that <NAME>_FILE names; one that is missing, empty, no file, too large or set twice is a problem among all others, exit code 78, with its path where that can be no secret, and never its content; messages about the secret name the variable that gave it.',
  'config.env-example':
    '.env.example holds every variable with a line of explanation, and names those that are read from the process alone.',

  // Resources, prompts and completions
  'resources.listed': 'Resources and templates are listed with title and description, whatever the token allows.',
  'resources.live':
    'A live resource is what the tool of the same name reads, to the byte, and runs through the same stages.',
  'resources.capabilities':
    'scalekit://capabilities says what this caller can do here, scalekit://schema/{name} what a tool takes and answers.',
  'resources.by-tool':
    'What a resource or a skill gives, a tool gives as well, for clients that read no resources; get_skill lists and reads skills.',
  'resources.not-found': {
    promise: 'A resource that is not there is -32602, be it the URI or what the platform says.',
    source: 'https://modelcontextprotocol.io/specification/2026-07-28/server/resources#error-handling',
  },
  'resources.scopes':
    'A live resource needs the scope of its tool or mcp:resources:*; a missing one is asked for by 403, and nothing is read.',
  'resources.recorded':
    'What is read or completed is logged and recorded in the ledger as mcp_resource_access, with its environment.',
  'resources.narrowed':
    'A selection, and what the operator leaves out, narrow resources and completions as they narrow tools.',
  'fence.resources':
    'An environment that the URL names cannot be left by a resource, a completion or a prompt: nothing is asked of another one.',
  'resources.own-environment':
    'Where this server has one environment, resources and their completions name none: a URI that names one, be it that one, is -32602.',
  'resources.linked': {
    promise:
      'In the era of 2026, what makes or changes an environment, organization or MCP server links to its resource after the text, where this connection and this caller may read it; in the revisions of 2025 results are text alone.',
    source: 'https://modelcontextprotocol.io/specification/2026-07-28/server/tools#resource-links',
  },
  'resources.pages': 'A cursor that was not handed out is -32602.',
  'prompts.listed': 'Prompts are listed and got with any valid token, and their ids are completed.',
  'prompts.tools': 'The tools that a prompt names are those of the catalogue.',
  'prompts.text': 'A prompt says goal, environment, steps, care and end, with the values of its arguments as JSON.',
  'prompts.adapt':
    'A prompt says which of its tools the caller cannot call for lack of a scope or by their selection, and how that is changed.',
  'prompts.arguments': 'Arguments of a prompt that are unknown, missing or not one short line are -32602.',
  'prompts.recorded': 'That a prompt was got is logged, without the values of its arguments.',
  'skills.served': {
    promise:
      'Skills are listed, got, read by folder and as resources, with digests that fit, in both eras; announced where the revision knows extensions.',
    source: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2640',
  },
  'skills.jobs': 'Each job is a prompt and a skill, of one source.',
  'views.offered': {
    promise:
      'A client that shows views (MCP Apps) is told which tools have one, and reads the documents: of 2026-07-28 by what it declares, of 2025 by apps=true.',
    source: 'https://github.com/modelcontextprotocol/ext-apps/blob/main/specification/2026-01-26/apps.mdx',
  },
  'views.only-declared': 'No other client sees anything of views: its list has the same bytes as without them.',
  'views.gate': 'Documents and calls of views pass the one decision, and are recorded, as all others.',
  'views.whole':
    'The document of a view is whole in itself: its policy lets its own script run, and nothing be loaded or sent.',
  'views.shown':
    'Views show status and previews in light and dark, at any width, for everybody, and text as text alone.',
  'views.decision':
    'A view calls what it shows only after its person has ticked and pressed: once, with the arguments and the confirmation of the preview; no press of a script counts.',
  'views.alone': 'Where the host carries no calls, a view shows the preview, and refers to the conversation.',
  'completions.values': 'Ids are completed by id or name, at most 100, with total and hasMore.',
  'wire.cache-hints': {
    promise: 'Lists and what is read say how long they may be kept, in the 2026-07-28 era alone.',
    source: 'https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching',
  },

  // Architecture
  'rules.layering':
    'The rooms of docs/architecture.md import each other in one direction only; each rule catches a planted violation.',
  'types.authorized': 'A tool call that nobody authorized does not type-check.',
  'types.environment': 'A tool definition never sees environmentId: the surface adds it and takes it away.',

  // Documentation
  'docs.search':
    'search_docs finds the pages that answer a question, each with its best section, its address on the site and that of its resource, for whoever has a valid token.',
  'docs.ranks':
    'The page that answers is the first one for four questions of five, and among the first three for nineteen of twenty (bench/knowledge).',
  'docs.page':
    'get_docs_page reads what search_docs and the docs:// resources name, in parts that fit into a result and are the whole text together.',
  'docs.resources':
    'docs:// resources list the parts of the documentation and the pages of each, and give each page, to whoever has a valid token; not where a request selects other toolsets.',
  'docs.boundary':
    'Prose of the documentation stands between two marks that are new in each response, so that its text cannot close them.',
  'docs.verbatim':
    'Examples of code in the documentation stay as they are published, also where they look like secrets; the secrets of the call itself never leave in them.',
  'docs.site':
    'Only the site of DOCS_URL is asked, whatever host its files write; what leads elsewhere, is no text, too large or too slow is a failure of the site.',
  'docs.away':
    'While the site is away, what was read last is served and dated; before anything was read, the tools fail with a reason, retryable.',
  'docs.refresh':
    'The documentation is read in the background, in slices that leave the event loop free, once for all callers, again every hour, and only where the site says that it has changed, or that it has a file now which it did not have.',
  'docs.copy':
    'DOCS_CACHE_DIR keeps a copy across restarts that only its user can read; a damaged one is a warning, and the site is read.',
  'docs.bounded':
    'However long the words of a question and the titles of pages are, a search compares few words, a title is short, and every page can be read.',
  'docs.off': 'DOCS_URL=off: nothing is fetched, and the tools of the documentation are not offered.',

  // Doors
  'middleware.order':
    'Request id, security headers, a well-formed head, Host, expectation, CORS, health, metadata, token, endpoint, JSON 404.',
  'http.host': {
    promise:
      'Which server a request is for is said once: several Hosts, none in HTTP/1.1, one that is no authority, and a target that names another are 400, as is a target that is neither a path nor a URL of this server.',
    source: 'https://www.rfc-editor.org/rfc/rfc9112#section-3.2',
  },
  'http.framing': {
    promise:
      'A body is framed by its length or by chunked, once, never by both: another coding is 501, what two readers could take for two bodies 400, and the connection ends.',
    source: 'https://www.rfc-editor.org/rfc/rfc9112#section-6.1',
  },
  'http.header-count': 'A request of more than 200 headers is 431, so that none of them can hide from a check.',
  'http.expectation': {
    promise:
      'A request that expects anything but 100-continue goes the way of every other one, and is refused behind the check of its Host: 417, at the pace of strangers, in the log and the metrics.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1',
  },
  'middleware.host':
    'Host is checked on every path but those of the three probes; a foreign one gets 403 with CORS headers, and is never repeated.',
  'middleware.origin': {
    promise:
      'Origin is checked on the MCP endpoint, whole: http or https, host and port; loopback on any port and the public URL by default.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning',
  },
  'middleware.cors':
    'CORS: any origin, no credentials, GET POST DELETE OPTIONS, max age 86400, the headers of OAuth and MCP allowed and exposed.',
  'middleware.preflight':
    'OPTIONS is never answered 401; at the endpoint it promises a page nothing that the POST would refuse, by ALLOWED_ORIGINS, which may be *.',
  'middleware.methods': {
    promise: 'GET and DELETE: 401 without a token, 405 with Allow with one; TRACE and others 405.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6',
  },
  'middleware.head':
    'HEAD on the endpoint is 405 with Allow, whatever token it carries: no challenge, no failure. GET without a token stays 401, whatever version it names.',
  'middleware.slash':
    '/mcp/ and its metadata are those of /mcp: never a redirect, one resource, and tokens for the URL with the slash are good.',
  'middleware.not-found': 'An unknown path, /MCP, //mcp and // are a JSON 404 that names /mcp.',
  'middleware.older-transport': '/sse, /messages and /message are a 404 that names Streamable HTTP and the right URL.',
  'middleware.errors':
    'Every error is JSON without a stack trace, in any mode. What is not HTTP gets a bare 400, 408 or 431 and is cut off.',
  'middleware.health': 'GET /health needs no token: status, timestamp, version, services; 503 when degraded.',
  'health.issuer':
    'The authorization server’s state in /health was observed ten seconds ago at most, by one request in ten seconds at most, which is waited for two seconds; keys that are left make it degraded, none unhealthy.',
  'health.oauth-metadata':
    'The metadata of the advertised authorization servers is fetched at start: a 404, or another issuer in it, is one warning that names the server, and oauth_server degraded.',
  'health.management-api':
    'The management API and, in environment mode, this server’s client are tried at start and in the background: one line for each change, and services.management_api in /health, which follows the circuit too.',
  'health.probes':
    'Probes hold up neither start nor calls and cost no environment’s allowance: one at start, then one in five minutes, in half a minute while something is wrong; questions bring it forward to five seconds.',
  'start.address':
    'A server that cannot listen says why in words that name the setting: a port that is taken, an address of another machine, a name that is not known.',
  'start.ready':
    'listening comes first, ready once with the first keys; both have the mode and the hosts that will be called, with workers and with the sandbox too.',
  'start.lean':
    'A start loads nothing that no first call needs, such as pages, diagnoses and searches: that comes in the background once the server is ready, or when somebody asks for it before; and V8 optimizes what calls run, not what a start runs.',
  'health.live': 'GET /health/live is 200 as long as the process answers, while it starts and drains included.',
  'health.ready':
    'GET /health/ready is 503 until keys have been had once, which it brings about, and from the moment that the server is told to stop.',
  'health.public':
    'All three need no token, take any Host, answer GET and HEAD alone, and say nothing but states and the version.',
  'metadata.documents': {
    promise: 'RFC 9728 documents, root and path-inserted, whose resource equals the URL that the client connected to.',
    source: 'https://www.rfc-editor.org/rfc/rfc9728#section-3',
  },
  'metadata.open': 'Metadata is never 401, open to any Origin, cacheable.',
  'metadata.overrides':
    'PROTECTED_RESOURCE_METADATA is merged over the documents; its authorization servers become the accepted issuers.',
  'metadata.legacy': {
    promise:
      'Clients that look for the authorization server here are led to the real one if they name an MCP version; others get 404, for a document of another issuer would stop strict ones.',
    source: 'https://www.rfc-editor.org/rfc/rfc8414#section-3.3',
  },
  'metadata.default-endpoints': {
    promise:
      'Clients that have forgotten the authorization server, and sign in or refresh at this server’s /authorize and /token, are led to the endpoints that its metadata names at its own host; without these there is nothing here.',
    source: 'https://modelcontextprotocol.io/specification/2025-03-26/basic/authorization',
  },

  // Tokens
  'token.none': {
    promise:
      'No token, an empty one or another scheme: 401 with resource_metadata and scope, without error in the challenge, counted as no failure.',
    source: 'https://www.rfc-editor.org/rfc/rfc6750#section-3.1',
  },
  'token.bad': {
    promise:
      'Bad, expired, not yet valid, other audience, other issuer, no issuer, no exp, alg none, HS256 with the public key, unknown kid, tampered, oversized, in the query, twice in the header: 401 invalid_token, no upstream call.',
    source: 'https://www.rfc-editor.org/rfc/rfc6750#section-3.1',
  },
  'token.expired':
    'A token that the issuer has signed and that has expired is 401 at once, and counts as no failure of its address.',
  'token.before-body': 'The token is checked before the body is read.',
  'token.issuers': 'Tokens of the environment and of its MCP server resource are accepted, of nobody else.',
  'token.audiences': {
    promise:
      'Any of the expected audiences, URLs among them in any spelling; by default the server id, or this server’s own URLs, at its own port or below PUBLIC_URL.',
    source: 'https://www.rfc-editor.org/rfc/rfc8707#section-2',
  },
  'token.kinds': {
    promise:
      'ID, logout and event tokens, session tokens of MCP configs, tokens of logins that an IdP began, tokens that are bound to a key, and those whose claims or header say that they are for something else, are no access tokens: 401.',
    source: 'https://www.rfc-editor.org/rfc/rfc9068#section-4',
  },
  'token.times':
    'A token with a time that is no number, or that no date can hold, is 401, and says which time; so is one that was issued more than a minute in the future.',
  'token.lifetime':
    'MAX_TOKEN_LIFETIME_SECONDS: a token that was issued for longer is 401, and none lives longer from now on by a time of issue in the future.',
  'token.spelling': {
    promise: 'A token has one spelling: base64url without padding and spare bits.',
    source: 'https://www.rfc-editor.org/rfc/rfc4648#section-3.5',
  },
  'token.subject': 'A token whose sub is no text, or an empty one, is 401; one without it is about its client.',
  'token.long':
    'Tokens of up to 12,000 characters are read; a longer one is 401, says what to do, and counts as no failure.',
  'token.claims':
    'Only scope and scopes grant, only sub, client_id and oid admit: claims whose names customers may choose decide nothing.',
  'token.scopes': 'Both spellings, wildcards and mcp:tools: scopes, from scope and scopes; write does not imply read.',
  'token.elevated':
    'A scope that names a tool covers that tool, not the further scope that one of its arguments needs.',
  'token.step-up': {
    promise:
      'Missing scope: 403 insufficient_scope with granted and needed scopes, resource_metadata of the called URL, and a JSON-RPC error with the id.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#scope-challenge-handling',
  },
  'token.in-band':
    'STEP_UP_IN_BAND: named clients (by id, all, machines, or in 2026-07-28 by their own name) are told of a missing scope, a rate and a lack of places in the result of the call, by the same decision; others get the HTTP error, and nothing runs either way.',
  'token.repeated':
    'A missing scope is a 403 the first time; who repeats the call within five minutes is told in its result, unless a call of that tool has passed meanwhile. It counts by person, client and tool, at all instances that share their limits; a notification never gets a result.',
  'token.scope-map':
    'SCOPE_MAP gives further scopes the meaning of scopes of this server, each taken whole; a wrong map is refused at start.',
  'token.initial-scopes': {
    promise: 'The first challenge asks for the scopes of the surface, or for its read scopes.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#scope-selection-strategy',
  },
  'token.not-admitted': 'Environment mode: a good token of somebody who is not admitted gets 403 access_denied.',
  'token.not-admitted-why':
    'The log and the ledger name the organization of a caller who is not admitted, and the settings whose lists lack them; the answer names neither.',
  'token.cache':
    'A verified token is remembered for at most a minute, never past its expiry, and forgotten when the keys change; all of them together are bounded by their characters.',
  'keys.rotation': 'A new key is used without restart; a withdrawn one stops working within five minutes.',
  'keys.outage': 'While the key set is away, known keys serve up to 60 minutes, then 503 with Retry-After.',
  'keys.broken': 'A key set that is HTML, empty, malformed, huge, slow or redirected is an outage, not a dead server.',
  'keys.single-flight': '50 cold requests make one download.',
  'keys.unknown-kid':
    'An unknown key id causes a download ten seconds after the last one, whoever sends it: no flood delays a new key beyond 15 seconds, or causes more than seven downloads in a minute.',

  // Refusals
  'refusal.form':
    'Every refusal of a POST to the endpoint is a JSON-RPC error whose message is the description and whose data has error, error_description, error_uri and, where waiting helps, retryAfterMs; with the id of a message that was read. Elsewhere OAuth’s own form stays.',
  'refusal.unknown-tool':
    'A call of a tool that is not there names up to three that are nearest, or says that it is switched off; the name that came is never repeated.',
  'refusal.brief':
    'What a caller chooses, be it a header, a method, a name, a URI or a version, is repeated in at most 500 characters in a text of a refusal, whoever wrote that, over HTTP and over stdio.',
  'refusal.codes': {
    promise:
      'In the 2026-07-28 era the codes of this server’s own errors lie outside -32768 to -32000; in the older era they are -32000, and -32003 for a 403.',
    source: 'https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes',
  },

  // Wire
  'wire.isolation':
    '200 parallel callers with two tokens and equal ids in both eras: every answer right and to the right caller.',
  'wire.early-close': 'A client that closes early cancels its outgoing call and harms nobody.',
  'wire.nothing-stays':
    'Nothing of a request stays in memory when it is over, whatever its method, its era and its end; however many subscriptions were answered, the process lives.',
  'wire.batch': {
    promise: 'An array body is 400 with -32600, nothing executed.',
    source: 'https://modelcontextprotocol.io/specification/2025-06-18/changelog',
  },
  'wire.accept': {
    promise:
      'Accept is read by its rules: without it, or where it covers JSON, answers are JSON, where it covers event streams alone one event; in the older era a client that can read neither gets 406 with its id.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1',
  },
  'wire.header-lists':
    'Lists in Accept, Accept-Encoding and Content-Encoding are read up to 1 KiB; a longer Content-Encoding is refused.',
  'wire.media-type': {
    promise:
      'Content-Type other than application/json, and a Content-Encoding of more than identity, are 415 with what would do.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16',
  },
  'wire.too-large': {
    promise:
      'A body above the limit is 413 before it is read to the end; the limit is 64 KiB, and more for a tool that declares long arguments alone.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.14',
  },
  'wire.slow-body': {
    promise: 'A body that does not arrive in time is 408.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9',
  },
  'wire.extent':
    'A message of more than 10,000 values, of more than 500 beside the arguments of a tool call, or nested deeper than 64 levels, is refused; a large one before it is parsed.',
  'wire.malformed': {
    promise:
      'Malformed JSON, a BOM and invalid UTF-8 are 400 with -32700; deep nesting and what is no message 400 with -32600.',
    source: 'https://www.jsonrpc.org/specification#error_object',
  },
  'wire.members':
    'Members beside jsonrpc, id, method and params are dropped before anything is decided; result and error make a response, which is refused.',
  'wire.ids': {
    promise:
      'Ids of every legal type come back as they were sent; others, those of more than 256 characters, and numbers that are no whole number up to 2^53 - 1, are refused with the id null.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic#requests',
  },
  'wire.prototype': '__proto__, constructor and toString are no tools and no arguments.',
  'wire.guard-is-dispatch': 'The tool that was authorized is the tool that ran, or nothing ran, for any body.',
  'wire.closed-gate':
    'The gate knows every method that is served; any other is refused with -32601 in both eras, and nothing runs for it.',
  'wire.defects':
    'A defect in whatever answers a message is told as this server’s own failure (-32603) without its text, and the log has it with the request; params that do not fit stay -32602.',
  'wire.one-factory':
    'The same protocol server serves one HTTP request and a connection of many messages, each decided on by itself.',
  'wire.headers': {
    promise:
      'Mcp-Method and Mcp-Name agree with the body wherever they are present, in either era: otherwise 400 with -32020 and the id. 2026-07-28: unknown versions are -32022; unknown methods 404 with -32601.',
    source:
      'https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation',
  },
  'wire.version-header':
    'MCP-Protocol-Version says nothing on initialize; on every other request of the older era an unknown one is 400 with the id.',
  'wire.param-headers':
    'A Mcp-Param-* header that names an argument of the tool, also of one behind call_tool, states what the body holds, in either era and strictly encoded: otherwise 400 with -32020 and the id. A fixed environment can be stated, and the only one of a server cannot. Others are ignored, and none is needed.',
  'wire.param-announced':
    'In the 2026-07-28 era every tool that takes an environment announces Mcp-Param-Environment for it, in the form of the specification; pages may send it.',
  'wire.discover': 'server/discover answers; lists carry ttlMs and a private cacheScope.',
  'wire.plain-call':
    'A plain tool call is answered as the SDK itself would answer it, byte for byte; one of another form is refused.',
  'wire.habits':
    'A ping without a version is answered in both eras; headers of 2026 without its version make a request of 2025, and stand on initialize without harm; a subscription to nothing is answered at once and ends.',
  'wire.compressed': {
    promise:
      'The constant list of tools is gzip for clients that prefer it, in one member that every decoder reads, and the same JSON as the plain form, with the id of the request; Vary says so.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
  },
  'wire.deterministic': 'tools/list is the same to the byte every time, and the same as the SDK’s own answer.',
  'wire.output-checked': {
    promise: 'Every result is checked against its outputSchema before it leaves.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/server/tools#output-schema',
  },
  'wire.progress': {
    promise: 'A tool that reports progress streams it to clients that asked, in both eras.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress',
  },
  'wire.cancel': {
    promise: 'Cancelling reaches the tool in both eras.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation',
  },
  'wire.instructions': 'Instructions, titles, annotations, icons and schemas reach the client.',
  'wire.one-origin':
    'Whatever names this server without a request, such as its icons, its log and its sandbox, names one origin: the public URL, or the first name under which it answers.',
  'wire.identity': {
    promise:
      'initialize names this server with what the negotiated revision defines, never with icons; server/discover adds one PNG and one SVG, as Base64.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic#icons',
  },
  'wire.icons':
    'Each toolset has an icon at a URL of this server, which serves it to anybody, for ever, with its type; no list holds one as data.',

  // Tools and results
  'result.form': {
    promise:
      'A failure is isError without structuredContent; its text is a word and then JSON in one form, and _meta has its code, retryable and requestId alone.',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/server/tools#error-handling',
  },
  'result.text': 'The text of a success is its structuredContent as JSON, byte for byte, in every tool.',
  'arguments.bounded':
    'Every text among the arguments has a longest length, which the refusal names; it is checked before any schema, so that no text keeps the event loop busy, in any tool.',
  'arguments.code-points': 'Limits of texts count characters, not the units of UTF-16, in every argument.',
  'arguments.entries':
    'Every list and object inside the arguments has at most a hundred entries, or as many as its schema says; checked before any schema.',
  'arguments.characters': 'Control characters and lone surrogates are refused in every argument.',
  'arguments.exact':
    'Ids, URIs, emails and names by which something is found hold no character that people do not see; a name that is shown holds one that they do.',
  'arguments.masked':
    'What stands for a secret is not written back: the mark of redaction anywhere in the arguments of what does not only read, and secrets of *, • or x alone, are refused by name, and nothing is sent.',
  'arguments.as-shown':
    'An entry of a list whose secrets or invisible characters results leave out is found as it is shown, where only one is shown so.',
  'arguments.reasons':
    'A wrong value has one reason, its type before all others; a missing one is told as "is required", at every depth.',
  'arguments.trimmed': 'White space around an id or a URI is dropped; inside it is refused.',
  'arguments.secrets': 'A call names at most a hundred secrets; one with more is refused before anything leaves.',
  'arguments.json':
    'JSON text in an argument is parsed only after the schema has accepted it, up to 64 KiB of it in a call, within the extent of a message.',
  'write.no-success-unseen':
    'Whatever a call names is compared with what the API shows afterwards, for every tool; what did not come true is a failure that names it, and is never to be repeated.',
  'write.no-deletion-unseen':
    'What was deleted is read once more: only what is not found any more is told as deleted, and what else has no members of its own to compare is told as done only where the answer, or reading it again, shows that.',
  'write.lost-answer':
    'A removal whose first answer was lost, and which finds nothing when it is repeated, is told by what is there afterwards.',
  'write.noted':
    'Where an error would lose a secret, what did not come true is said beside it: the lifetime of a session token, the name of a new instance.',
  'arguments.shown':
    'Blanks around names and identifiers do not count, limits count characters, and a text that people are shown holds something to see.',
  'answers.only-what-is-used':
    'What a tool does not use of an answer does not stop it, such as an odd secret of a client.',
  'arguments.json-numbers':
    'Numbers in JSON text, or in an object in its place, are sent as they are or refused with their places: integers that are not safe, and what would become infinite or zero.',
  'result.arguments': 'A wrong argument is named, with what would be right.',
  'result.no-leak': 'Members of an answer that no schema names stay behind; defects leave without their text.',
  'tools.environments': 'list_environments and get_environment_details.',
  'tools.changed-environments':
    'Environments are created, empty and of the type that was named, and renamed; nothing counts as done that does not show.',
  'tools.environment-settings':
    'Settings of sessions and users are shown, and changed so that what a call leaves out stays, whether the API merges or replaces; features are switched, and looked at afterwards.',
  'tools.custom-domains':
    'A custom domain takes the place of another one only once that is confirmed; its DNS records are told, verified and checked.',
  'tools.organizations': 'list_organizations, get_organization_details and create_organization.',
  'tools.readiness':
    'check_production_readiness says of each thing that production needs what was seen and what is to be done, and what is not known.',
  'tools.jobs':
    'Ten jobs of people are done from the first question to the last look by what answers say, in at most 15 calls each.',
  'tools.status':
    'get_status tells on one page what an environment holds and what looks unfinished, and names what the caller may not read.',
  'tools.workspace-status':
    'get_workspace_status tells how each environment stands, ten of them in 51 requests at most, and in its place what went wrong in one.',
  'tools.find':
    'Lists of organizations and users find some by part of what identifies them, and an organization by its external id, in the form of the list.',
  'tools.new-organization':
    'create_organization takes slug, logo and region, and names the organization that has the external id already.',
  'tools.changed-organization':
    'update_organization changes what is named and loses no metadata, not to parallel calls either.',
  'tools.deleted-organization':
    'delete_organization shows first which users, connections and domains go with the organization, and who may not list them is told so.',
  'tools.all-users': 'list_users lists the users of an environment, or finds some by part of what identifies them.',
  'tools.one-user': 'get_user finds one user by either of their ids, and refuses both at once.',
  'tools.changed-user':
    'update_user changes what is named and loses nothing else of a user, although the API has no field mask here.',
  'tools.deleted-user': 'delete_user shows first in which organizations a user is, and where they are signed in.',
  'tools.memberships':
    'A user is added to an organization and changed in it: roles are replaced as a whole or kept, and metadata is kept.',
  'tools.removed-member':
    'Whoever is removed from an organization is deleted as a user only where the call asks for it; the request says so each time.',
  'tools.resent-invite': 'resend_user_invite mails an invitation once more, and refuses whoever has joined.',
  'tools.user-roles':
    'Roles of a user are listed, added and taken away one by one; those that come with another role stay with that.',
  'tools.sessions': 'list_user_sessions says where somebody is signed in, narrowed by status and time.',
  'tools.revoked-sessions':
    'A session, or all of a user, is ended after it was shown whose it is, and is told as ended only when it is.',
  'tools.passkeys':
    'Passkeys are listed and deleted for the user who was named, whomever the API takes the call to be about.',
  'tools.person':
    'Users and members are shown with what they sign in with, what they may do, where invitations stand, and names wherever the API holds them.',
  'tools.members':
    'Members of the workspace are shown and invited with a role in the dashboard; without one, or for somebody who is a member already, the result says so.',
  'tools.removed-workspace-member':
    'remove_workspace_member shows who administers the workspace beside somebody, and never leaves it without an admin.',
  'tools.workspace': 'get_workspace and get_workspace_usage: the workspace, what it has used and what that costs.',
  'tools.dashboard-roles':
    'Roles in the dashboard are listed, given in the workspace or in one environment, and cleared there; none counts as given unseen, and the last admin stays one.',
  'tools.whoami':
    'whoami: caller, with name and email where the token has them, scopes granted and missing, mode, and for people the permissions that they hold, where the API says them in time.',
  'tools.paging': 'A pageToken of 1, an empty one and none mean the first page; others are passed on.',
  'tools.access': 'Roles, OAuth scopes and workspace members.',
  'tools.scopes':
    'A new OAuth scope is told as made only when it is as asked, has no reserved name, and is said to be of no use until a server enables it.',
  'tools.texts-of-secrets-and-logins':
    'No text sends people to where an old secret could be read, and the tools for the initiate-login URI say what leads there.',
  'tools.default-roles':
    'A new default role for members is set together with the one of creators, which is read first: where it is not known, nothing is created.',
  'tools.new-role': 'A new role gets the permissions and the base that are named, and unknown ones are named.',
  'tools.one-role': 'get_environment_role shows what a role permits, how many users have it and which roles extend it.',
  'tools.changed-role':
    'A role is changed in what is named and keeps its permissions and its base, although the API cannot tell a list that is left out from an empty one; what it extends is taken away in a call of its own.',
  'tools.deleted-role':
    'Before a role is deleted, its users, the roles that extend it and the role that takes its place are shown; where the API would refuse, that is said before anybody confirms.',
  'tools.set-defaults':
    'Both default roles are set together, the one that a call does not name as it was; the result says which ones were before.',
  'tools.permissions':
    'Permissions are listed page by page or found by name, created, described, and deleted with the roles in sight that have them.',
  'tools.role-permissions':
    'What a role permits is listed with or without what it inherits, added to, and taken away only where the role has it by itself.',
  'tools.organization-roles':
    'Roles of one organization are listed beside those of its environment, created, changed and deleted; those of the environment are not touched through an organization.',
  'tools.changed-scopes':
    'An OAuth scope is described or switched without losing the other, and deleted with the MCP servers in sight on which it is enabled.',
  'tools.users':
    'Users of an organization, its admin portal links, its features: re-read before they are written, calls at once keep apart, lost updates made again and reported at last.',
  'tools.invitation-hint':
    'Whoever invites a user to an environment without an initiate-login URI is told that the invitation leads nowhere.',
  'tools.feature-names':
    'A feature in another spelling than the one that is known or there is refused with the right one, and nothing is written; names that are like none pass.',
  'tools.connections':
    'SSO connections: listed without secrets, created, configured with what discovery cannot give, enabled or said not to be.',
  'tools.connections-applied':
    'Whatever a call asks of a connection and does not come true is not_applied, by name; calls at the same time all stand.',
  'tools.connections-discovery':
    'An issuer is no discovery document and has no query, and no URL of an identity provider has a gap to fill in: such values are refused with what to give instead.',
  'tools.connections-kinds':
    'Connections of organizations and app connections are told as such, with the tool that leads on; an app connection can be enabled.',
  'tools.organization-connections':
    'SSO connections of organizations: found, shown with what to register at the identity provider, created, configured by OIDC or SAML, led to by domains, tested, switched on and off, and deleted with what leads there in sight.',
  'tools.connections-taken-away':
    'Before a connection of the environment is switched off or deleted, the MCP servers, accounts and configs that work through it are shown; afterwards it is read.',
  'tools.saml':
    'SAML settings come from a metadata document or by hand, with a certificate for another identity provider; what a call leaves out stays, and what does not come true is named.',
  'tools.directories':
    'Directories of organizations: listed, shown with their users and groups, created, changed without being switched off, switched on and off, synced, deleted, and roles set by group.',
  'tools.directory-secrets':
    'A secret of a directory is shown once; replacing those before shows first which stop working.',
  'tools.environment-clients':
    'Clients of an environment: listed by type, created, changed in what a call names alone, deleted but for the environment’s own; secrets made, deactivated and deleted but for the last; IP allowlists.',
  'tools.own-client':
    'Nothing that would shut this server itself out of Scalekit can be done with its tools: its client, its secret, and what its client may do stay.',
  'tools.session-policy':
    'How long sessions of an organization last: shown beside what the application has, changed in what a call names alone, and given back to the application; and how many users it may have.',
  'tools.portal-links':
    'Links into the admin portal: listed without what makes them credentials, and revoked after a look at whose they are.',
  'tools.organization-clients':
    'API clients of organizations: listed, one shown, created with a secret that is shown once, changed in what a call names alone, deleted; secrets are rotated without losing the last.',
  'tools.api-tokens':
    'API tokens of organizations and their users: listed with how they end, created and shown once, ended by their id after a look at whose they are.',
  'tools.domains':
    'Domains of organizations: listed page by page with the DNS record to publish, added and led to a connection that then shows them, verified or said not to be, deleted with what leads there in sight.',
  'tools.mcp-servers': 'MCP servers: listed, registered, updated without losing their provider, switched to Scalekit.',
  'tools.mcp-server-policy':
    'The allowlist of clients with metadata documents and the choice of scopes of an MCP server are set without touching the rest; a list that keeps all of them out is refused.',
  'tools.mcp-servers-scopes':
    'Scopes of an MCP server are those of its environment, enabled there or not: lists name the enabled ones, single answers show all, and a call sets which.',
  'tools.mcp-servers-applied':
    'Whatever a call asks of an MCP server and does not come true is not_applied, by name, and so are scopes that change unasked; sign-in is handed to Scalekit through the operation made for it.',
  'tools.mcp-discovery':
    'Whether clients find the authorization server of an MCP server is told by what the environment publishes, asked for without a token, within limits and at its own host alone.',
  'diagnosis.connection':
    'diagnose_connection names what keeps people from signing in through an SSO connection, the gravest and likeliest first, each with the tool that mends it; with one request for each operation, and naming what could not be read.',
  'diagnosis.mcp-server':
    'diagnose_mcp_server names each fault that keeps clients from signing in to an MCP server, by one check, with what was seen and whom it breaks, by name where that was seen, with the source, the gravest first; where nothing is wrong it finds nothing.',
  'diagnosis.publish': 'It says to the byte which document and which header are to be published, and where.',
  'diagnosis.registered':
    'A registered MCP server is compared with its registration: resource, authorization server, scopes, registration of clients, login; a URL is looked up among the registered ones.',
  'diagnosis.icons': 'Icons in the answer to initialize are told, where a server lets everybody in.',
  'diagnosis.reachable': 'A server that cannot be reached, or not safely, is told as that alone, with the reason.',
  'diagnosis.cut':
    'A document that is longer than what is read is told as not known, never as broken or missing, and nothing is concluded from its beginning.',
  'diagnosis.safe':
    'What strangers answer reaches the caller as values alone, cut and without secrets; no credential is sent to them, and no address that is not public is asked but with the sandbox.',
  'diagnosis.patient':
    'A request of a diagnosis that is not answered is told as that, and leaves the rest; all of it ends when the client of the call goes away.',
  'diagnosis.meant': 'An MCP server is named by its id or by a URL, never by both.',
  'external.addresses':
    'Of addresses that callers or strangers choose, only those of the public internet are asked, by https, in whatever spelling they come; beyond them only this machine, and only with the sandbox.',
  'external.connect':
    'A name is resolved once, each of its addresses is checked, and one of exactly these is connected to; no proxy, no hosts file and no later answer of DNS can lead elsewhere.',
  'external.redirects':
    'Each redirect is checked like the first address; three are followed, and none to this machine from elsewhere.',
  'external.limits':
    'A request to a stranger has limits on its time, all bytes that arrive (interim answers and extensions of chunks too), how many one person has under way and how many may follow each other, and ends with the call.',
  'external.cut': 'Of what a stranger answers it is known whether it is all, longer than what is read, or broken off.',
  'external.named':
    'An address that a stranger names, in a redirect or in a document, never leads to this machine, with the sandbox neither.',
  'external.certificates':
    'Certificates of strangers are always verified, whatever the environment of the process says.',
  'external.handshake':
    'What is agreed on with the server of a stranger before TLS stands takes this process no time that others notice: no key of a group that the server has made, and 16 KiB of certificates at most.',
  'tools.mcp-clients':
    'Clients of an MCP server: listed by how they came to be, shown, created with a secret shown once, changed and deleted, and never one of another server; scopes that the server lacks are refused by name.',
  'tools.mcp-consents':
    'What users allowed clients at an MCP server is listed and revoked after a look at it; what is deleted with a server or client is shown first.',
  'tools.redirect-uris':
    'Redirect, post-logout, back-channel logout and initiate-login URIs of the environment’s client: changed one by one where the API can, else re-read before they are written; five callbacks at most; what the platform refuses names the argument.',
  'tools.redirect-uris-at-once':
    'Calls at the same time that change redirect URIs all succeed and stand; updates that another writer overwrites are made again, and reported when that does not end.',
  'tools.mcp-configs':
    'MCP configs, the state of their connections for a user, session tokens: unknown connections are named before anything is created.',
  'tools.mcp-instances': 'MCP instances, the older form.',
  'tools.agent-tools': 'Agent tools are listed, and executed only where the operator has switched that on.',
  'tools.filters':
    'Lists of agent tools, connected accounts, MCP configs and instances narrow by what the API’s own filters know, each under the API’s name and within its limits.',
  'tools.any-case':
    'A provider is found in any case, on every page, without a second request where its spelling is right.',
  'tools.page-size':
    'Agent tools are asked for in pages of about what a result holds, so that reading all of them downloads less than twice their size.',
  'tools.execution':
    'An agent tool runs as the user of an account that is named by its id, or by its identifier with or without the connection, never by both; an unknown tool and an unknown account are told apart.',
  'tools.long-names': 'Names of tools have up to 600 characters, wherever a tool takes one.',
  'tools.account-links':
    'A magic link is made for a user at a connection, or for an account, with the page and the state of custom user verification where they are given.',
  'tools.links':
    'A link that a tool hands out has one sentence beside it: what opening it does, and how long it is good as far as the API or Scalekit says so.',
  'tools.session-tokens':
    'A session token comes with the URL at which it is good, or with the reason why there is none; without active accounts the error names the connections that lack one.',
  'tools.configs-apart':
    'Changes of one MCP config at once all stand, and what the API leaves as it was is no success, neither there nor with what is created, ensured or disconnected.',
  'sandbox.agents':
    'The sandbox plays agents as Scalekit’s own tests and documents show them: youngest accounts first, every filter, identifiers alone, names of custom tools, links of a minute for every account.',
  'tools.connected-accounts': 'Connected accounts: found, linked, disconnected and deleted, never with their tokens.',
  'tools.dialect': 'Names and schemas of all tools are understood by the major model providers.',
  'tools.integers':
    'Counts, lifetimes, limits and versions are integers in every schema, and in results, also where the API writes text.',
  'tools.search':
    'Programs that search by name and description find the tool that people mean: among the first three for nine questions of ten, and no description is longer than 160 characters.',
  'tools.limits':
    'Each limit and pattern of an argument is said in its description, and what the members of an object or of a list of objects are.',
  'tools.always-load':
    'whoami, list_environments and list_organizations, and no others, ask to be shown from the beginning.',
  'tools.selections-bounded':
    'What a process keeps and makes does not grow with the number of selections that callers ask for: each is made once while it is kept, of bytes that all share.',
  'tools.tokens':
    'All tools that are listed by default stay under 10,000 tokens together, those of each toolset under 6,000, output schemas left out.',
  'catalogue.success': 'Every tool succeeds with its scope, and its result fits its outputSchema.',
  'catalogue.scopes': 'Every tool is refused without its scope, before anything leaves.',
  'catalogue.arguments': 'Every tool names an argument that is wrong, missing or unknown, before anything leaves.',
  'catalogue.failures': 'Every tool reports every class of failure of the API as such.',
  'docs.generated': 'docs/tools.md and the snapshots of each toolset are what the catalogue yields.',
  'contract.descriptors':
    'Requests and answers are checked against the descriptors that Scalekit publishes, which nobody here wrote.',
  'contract.credentials':
    'Each tool is listed in the modes whose credential the operations that it uses accept, and in no others.',
  'contract.requests': 'Every request that the tools send keeps the contract: verb, path, names, enums, lengths.',
  'contract.answers': 'Every field that the sandbox answers with exists in the API’s response type.',
  'tools.selected':
    'A request says in its URL or its headers what it asks to see: toolsets, tools, reading only, one environment. Both narrow, within what the operator offers; what cannot be read is refused with the names that there are; metadata and scopes follow.',
  'tools.custom-connectors':
    'Connectors of one’s own are made, changed whole without losing what a call leaves out, and deleted after a look at what is left behind; those that Scalekit offers stay, and no pattern holds a secret or shows one while it is typed.',
  'tools.logs':
    'Sign-ins, events and tool calls of agents are listed youngest first and narrowed by what a person knows of them; numbers of a time come with that time.',
  'tools.webhooks':
    'The webhook portal is reached by a link that is flagged as a secret, and a test event is told as sent only where the answer says so.',
  'tools.connectors':
    'Connectors, built in and custom, are found by every word of a text; what cannot be read hides none of them.',
  'tools.search-tools':
    'Agent tools are found by connector or text: names in groups, or whole tools with their schemas, at most 30 at a time; for a user by meaning, with what is to be done first, and the ids of usable accounts alone.',
  'tools.aliases':
    'Tools are called under other names too, earlier ones and those that Scalekit gives its own for agents: decided and recorded under the name that is listed.',
  'tools.discovered':
    'What is not listed is found by what it does, with its arguments, its scope and whether that is granted, and called by call_tool, which is decided, recorded, confirmed and limited as a call of that tool.',
  'tools.narrowed':
    'A selection lists, authorizes and advertises exactly what it names, never more than the operator allows, and keeps to its environment.',
  'tools.environment-mode':
    'In environment mode environmentId is no argument and tools for workspace tokens are not listed.',

  // Writes
  'confirm.preview':
    'What takes something away changes nothing at first: it shows what would be lost and asks for confirmation.',
  'confirm.bound':
    'A confirmation is sealed and good for one caller, tool, environment and set of arguments; one whose key is gone, as after a restart, is told from one for another call.',
  'confirm.shown':
    'A confirmation is good for what the preview showed: it is read again, and a change is answered with a new preview and a new confirmation; times that change by themselves are no change.',
  'confirm.dependents':
    'A preview names what depends on it: how many there are, whose they are, and what stops working.',
  'confirm.all':
    'Every tool that takes something away asks for confirmation; those that overwrite at once are known by name.',
  'confirm.sentence':
    'Every tool that changes something says in one sentence, with its values in it, what it is about to do: previews, confirmations and the ledger show it.',
  'confirm.readable':
    'Whoever is asked to confirm a call is shown each of its values; a call of which they would not fit into a result is refused.',
  'confirm.production':
    'With PRODUCTION_WRITES=confirm, whatever changes something in a production environment, or in one of unknown type, is confirmed first; with deny it is refused, by call_tool too; a dashboard role that is given in the whole workspace is one there as well. Other environments are not concerned.',
  'confirm.once': 'A confirmation acts once.',
  'confirm.allowance': 'A person uses up to a thousand confirmations in ten minutes, whichever clients they come from.',
  'confirm.expires': 'A confirmation is good for ten minutes.',
  'confirm.shared':
    'With the same Redis, or the same primary, a confirmation that one instance gave is good at all of them, once.',
  'confirm.shared-once': 'Of parallel calls with one confirmation at several instances exactly one acts.',
  'confirm.store-lost':
    'While nobody can tell whether a confirmation was used before, it is refused: nothing is changed, and the caller is told when to try again.',
  'confirm.store-reset':
    'A Redis that has lost its memory, or a part of it, makes no confirmation good a second time: none outlives the run of Redis in which it was made.',
  'confirm.rotation': 'The first of CONFIRMATION_KEYS seals, all of them open.',
  'list.token-bound':
    'The token of a list that was cut is good for that list alone: the same tool, filters, environment and caller; the size of pages may change.',
  'list.changes':
    'A list that was cut goes on behind the last entry that was sent and is still there: nothing that is made or deleted in between leaves a gap or repeats an entry.',
  'list.page-size': 'Every list takes pageSize, those that the API returns at once as well.',
  'list.left-out':
    'A list that the API leaves out or writes as null is empty where the rest of the answer says so; anything else is an error, never "there is none".',
  'list.odd-entry':
    'An entry that cannot be read does not hide its list, at any depth: its id and unreadable stand in its place, and the log tells where; an enum as a number is text. Only a list without any readable entry is an error.',
  'result.budget':
    'A list, object or preview over the budget, 12,000 characters by default, is cut between two entries, or in the longest ones, and says so at its end; a list carries a token to go on. Nothing is longer than that or 12,000 characters: errors, whatever they repeat, and single things lose the ends of texts, but never of what a tool exists to hand out; and what has too many parts is an error.',
  'result.sensitive':
    'Secrets that a tool exists to hand out are flagged where they are in the answer, with their expiry.',
  'result.unset':
    'Null, empty texts and words that end with UNSPECIFIED count as not set, and leave in no result; what applications wrote stays, and the empty page token that ends a list.',

  'writes.seen':
    'After a write, what the call named is compared with what the API shows: what did not come true is an error that names it, never a success.',
  'writes.forms':
    'What the API writes in another form is what was asked for: an enum as a number or in another case, a text without the white space around it, defaults beside what was named; what an answer leaves out is read before it is judged.',

  // Untrusted text and secrets
  'text.invisible':
    'Invisible, bidirectional and tag characters leave in no result: neither in texts nor in names of members, and no two names become one.',
  'text.visible':
    'What people see leaves as it is: letters of every script, with the one joiner that their spelling needs, and emoji of several people.',
  'text.linear':
    'Whatever the platform answers, it is cleaned and cut in time that grows with its length alone, in every tool.',
  'text.linear-requests':
    'Whatever a request holds in its path, its headers or its arguments, anybody’s included, it costs time and memory in proportion to its length.',
  'text.linear-answers':
    'What the API answers costs time in proportion to its length, and only what is kept of it is cleaned: results are bounded.',
  'text.json-values':
    'Text of the platform stands in results as JSON string values only; error.message is ours, whatever Scalekit says.',
  'secrets.by-key':
    'Members that are called like secrets leave redacted, whatever their case, separators and letters, and whatever words stand around those of a secret; what only tells something about a secret (its type, expiry, id, policy, count) stays, and so do page tokens and public keys.',
  'secrets.addresses':
    'The origin of a web URL and the host of an email address are shown, however much they look like a secret; a scheme, a domain or an address of which something would be hidden is refused.',
  'lines.shells':
    'A line to paste holds nothing of a server or of a project that a shell would carry out, those of Windows included.',
  'secrets.own-words': 'No sentence that this server writes itself loses a part of it as a secret.',
  'secrets.by-shape':
    'JWTs, broken into lines too, PEM blocks but those of public keys and certificates, client secrets, keys of well-known services, credentials of HTTP and passwords in URLs leave redacted, in the middle of texts too.',
  'secrets.by-pair':
    'In a text, a value leaves redacted behind the name of a secret: in forms, headers, YAML, source code, XML, entries of name and value, options of commands, and JSON however often it was quoted or escaped, in any surroundings; the name of a permission stays.',
  'secrets.by-value':
    'Secrets that a request has seen (its token, the environment’s credentials, arguments) are never echoed, whole or cut off, nor are payload, signature and base64 of a token; short ones among the arguments in rare spellings too: lower-case percent-encoding, JSON of ASCII alone, decomposed letters, base64; a plain word is not looked for elsewhere.',
  'secrets.disclosed': 'What a tool exists to hand out passes, at exactly the paths that its definition names.',
  'secrets.opaque': 'Page tokens, confirmations and ids survive untouched, whatever they look like.',
  'secrets.log': 'Defects and causes reach the log without secrets and invisible characters; answers do not reach it.',
  'result.next-step':
    'Every not_found and conflict names a tool of the surface that shows what there is, and the argument where it is the only one; so does an id of the wrong form.',
  'result.whole': 'What an application has named is neither lost on reading nor on writing back, __proto__ included.',

  // Limits
  'limits.rate': {
    promise:
      'Rates are limited by person (issuer and subject), whichever client is used and however the issuer is spelt, never by address: 429 with Retry-After and rate_limit_exceeded, until the window closes.',
    source: 'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  },
  'limits.costs':
    'A read costs 1, a write 3, what destroys 5; every other message 1, and what is denied, invalid or malformed. Notifications cost nothing, a call without an id what it costs with one.',
  'limits.content':
    'Resources, completions and prompts draw on the same budget of a person as calls: 1 point each, then 429 with Retry-After.',
  'limits.reading':
    'A body costs a point of work for each 8 KiB beyond the first, before it is parsed and whatever it holds; whoever has used up work has no larger one read, and a notification has at most 4 KiB.',
  'limits.talk':
    'Connecting (initialize, server/discover, ping) and lists draw on a second budget of the same size, each of the two on its own part, calls and reads on the first; RateLimit names the one that a message drew on.',
  'limits.tiers':
    'RATE_LIMIT is on, off or a document of tiers by client or scope, of which the first that matches counts; a tool that the token names counts with the scopes that it needs.',
  'limits.memory': 'The counter in the process holds a bounded number of callers.',
  'limits.redis': 'With REDIS_URL instances count people together, under digests.',
  'limits.redis-bounded':
    'Limits leave one key in Redis for each person, tier and budget, and one of bounded size for the missing scopes that a person was told of; none for addresses and clients: no flood fills the store of used confirmations.',
  'limits.redis-lost':
    'While Redis is lost, hangs, refuses or was never there, each instance counts for itself; nothing waits for it, and one warning says so, another that it is back.',
  'limits.redis-reason':
    'While Redis is lost, each new reason why it cannot be connected to is one line of the log, without its password.',
  'limits.failures':
    'Failed authentications are limited by client address, in each process: 429; good tokens from there still pass, those of a new key included.',
  'limits.address':
    'The client’s address is the socket’s, or TRUST_PROXY entries from the right of X-Forwarded-For; IPv6 counts by /64.',
  'limits.concurrency':
    'Calls at the same time are limited for each person and in all: 503 with Retry-After; a place is taken when the body has been read, and freed once, when the call is over.',
  'limits.patience-heads':
    'Requests whose answers are held back keep no more than 2 MiB of heads in memory for each address, beyond which the connections end that waited longest, and 16 MiB in all.',
  'limits.patience':
    'Somebody who goes on after 20 refusals in 10 s, or after 200 notifications, gets some 30 answers a second, one of the newest first, each after a quarter of a second at least, and as many again of those who have waited ten seconds, until their connections end after fifteen, however many they have; that takes no place among the calls, and holds up nobody else, not even those who share their address.',
  'limits.strangers':
    'What anybody is answered without a token (documents, pages, preflights, refusals of every kind), and a GET with one, is slowed down by address or person after some hundred in ten seconds, before any work for it, which is done in turns from the first one on; probes are not held back.',
  'limits.surfaces':
    'What people without a token ask to see is kept apart from what callers see: it evicts none of theirs.',
  'limits.fair-share':
    'Of one person a few requests begin in one turn of the event loop, however many have arrived together; those of others are not behind them. All strangers together count as one person, whatever their addresses are, and their networks take turns.',
  'limits.bodies':
    'The memory of bodies, as they come and as they are parsed, is limited for each person and in all: 503 with Retry-After; large bodies take half of each at most, and what was held is given back whatever becomes of the connection; nothing of one is kept while its refusal waits.',

  // Connections
  'connection.order':
    'No request runs before the one in front of it on its connection has been answered, nor behind an answer that ends the connection; a connection with more than four waiting requests, or with more than 16 KiB of their heads, is ended.',
  'connection.pieces':
    'A body that nobody reads yet is kept in few pieces, in whatever chunks it comes: small ones cost no more memory than large ones.',
  'connection.unread-bodies':
    'Bodies that nobody reads yet keep no more than 16 MiB in all, however many connections they come from; above that the connections end whose bodies have waited longest.',
  'connection.linger':
    'What follows of a body after its answer has left is taken on for a second; then its connection ends.',
  'connection.chunks':
    'A connection whose body goes on in chunks of a few bytes is ended after some thousands of them, or sooner where many connections do the same; a body that a program writes word by word arrives whole.',
  'connection.flood':
    'Of what a client sends behind that, nothing is parsed: no connection costs more memory than its few waiting requests.',
  'connection.places':
    'Whatever becomes of its connection, a request frees its place and leaves the gauge once, when its work is over.',
  'connection.unread':
    'An answer that has not left within ANSWER_TIMEOUT_MS, and a second for each 16 KiB of it, ends its connection, with or without a token.',

  // Scalekit client
  'api.one-call': 'An environment-scoped call makes one outgoing call once the domain is known.',
  'api.directory':
    'The domain is looked up once per caller and environment, one look-up in flight; a failed one is an error, never an empty header.',
  'api.path': 'Ids cannot leave their path segment: the URL that left proves it.',
  'api.failures':
    'Every failure of the API is isError with a code, retryable or not, and the request id; never an invented empty list.',
  'api.tool-errors':
    'What a third party said of a failed tool reaches the caller with the execution’s id; its 401 and 403 lead to a new magic link, its 429 to waiting, whatever the status of the answer, and none of it touches this server’s own credential.',
  'api.help':
    'Links of the API for help (https alone), its localized message and what a failure is about reach the caller, bounded; also from an error without the frame of a status.',
  'api.permissions':
    'A 403 of the API names the permissions of the dashboard that are missing, whose they are, and that an admin of the workspace gives them; it never starts a step-up.',
  'api.version':
    'Every request to the API and for this server’s token says which version of the API it was written for.',
  'api.foreign':
    'What the management API did not answer is unexpected_response, in both modes and for every operation: 404 and 405 without its own error, pages, redirects, and any 404 in place of a whole list.',
  'api.retries':
    'Reads are repeated soon after a lost connection, after a pause in which the API can come back after 502 and 503, after 429 only when it says when; never after 504; writes never act twice; TOOL_ERROR is never retried.',
  'api.deadline': 'A hanging API ends the call at its deadline.',
  'api.patience':
    'Agent tools have 60 seconds, two less than Scalekit’s load balancer gives them, all others UPSTREAM_TIMEOUT_MS; an execution that ends there may have been carried out, and says so.',
  'api.turns':
    'Changes of one thing run one after the other, for each person one at a time, and behind the look-up of the environment with their own rights, and with a connection in hand: nobody holds up others by waiting.',
  'api.answers-in-memory':
    'Long answers of the API take at most 48 MiB in memory at the same time, and those of one person an eighth of that, until the calls are over that read them; what finds no room is not read on and says so, and short answers always find theirs.',
  'api.share':
    'One person has a quarter of the connections to the API at most, whatever hangs: further requests wait in that person’s own queue within the deadlines of their calls, are not sent after them and say so, and others are served at once; in both modes.',
  'api.size': 'A huge answer is cut off, not read, and one of more than 50,000 values is not parsed.',
  'api.credentials':
    'Workspace mode passes the caller’s token to Scalekit alone; environment mode its own, renewed in time.',
  'api.credentials-refused':
    'In environment mode a refused token is replaced and its call repeated, at most once in ten seconds, so that an operation that answers 401 to all does not double what is sent.',

  'breaker.opens':
    'After five calls in a row that its host did not answer, of one person or of all together, their calls fail at once with upstream_unavailable and retryAfterMs, and nothing is sent.',
  'breaker.others':
    'What fails for one person alone, through however many clients, holds up nobody else; what is known of failures is bounded.',
  'breaker.caller':
    'The line of the circuit of a person names that person as the lines of their requests do; without a name it is about what this server asks by itself.',
  'breaker.answers':
    'Refusals, limits, failing providers and clients that leave do not open the circuit, nor do writes that take long.',
  'breaker.probe':
    'After a pause one call at a time of each person is let through; an answer closes the circuit, a failure doubles that person’s pause.',
  'faults.recovery':
    'Whatever goes wrong between this server and Scalekit is over when it is over: the next call works, without a restart.',

  // Documentation and supply chain
  'docs.rehearsal':
    'The documented commands start a second server with the sandbox in place of a Scalekit environment, in both modes, and those that try a token of a person show whether the API accepts it; those that get a token for a machine do.',
  'docs.unconfirmed':
    'docs/unconfirmed.md has every fact that no source confirms: what this server does either way, where, and how to find out.',
  'docs.commands':
    'Commands, files and variables that the documentation names are there, under these names; what npx fetches is pinned; those that change the password of Redis do so.',
  'docs.install-links':
    'README.md has a link by https for each client whose own address GitHub drops, where there is one.',
  'docs.events': 'docs/observability.md explains every event of the log, with its levels.',
  'docs.errors':
    '/docs/errors explains every error code by what one sees of it, from the tables that the errors come from; public, no script.',
  'docs.pages': 'Every page of the server has a way home, /docs, and a way on, and no link of it is dead.',
  'docs.browser':
    'A browser at an endpoint gets the page that prints the address and how clients take it; every other client gets the challenge.',
  'page.front':
    'The front page, at /info and /docs too, says whether this is the sandbox, how the services are, what one can say and which toolsets there are; with its text under 60 kB, without anything inline, and useful without a script.',
  'page.install':
    'For each client the front page has links, lines and files that hold exactly this server’s URL, in the form that the client reads; in a shell they are one word.',
  'page.builder':
    'The form of the front page means what the endpoint understands: its query yields the URL in all snippets, with what a client sees with it; what the endpoint would refuse is said, with 400, and is in no snippet.',
  'page.live-builder': 'With a script, every change of that form updates all snippets, and says what it came to.',
  'page.escaped':
    'Nothing that a caller sends comes back in a page but escaped, whatever the Host, the query or the path.',
  'page.markdown':
    'Agents get every page in Markdown, at an address of its own (/index.md, /docs/tools.md, /docs/errors.md) and wherever they name text/markdown; no cache takes one form for the other.',
  'page.kept':
    'The front page is made once for all who are told the same, and anew as soon as any of it changes; what is kept is bounded.',
  'page.tools-page':
    '/docs/tools lists every tool that is offered, with what it does and the scopes it needs; it can be searched with a script and without.',
  'page.copy':
    'Everything that is to be copied has a button that copies it, or selects it where the browser forbids that.',
  'page.trial':
    'In the sandbox, and only there, the front page signs in by PKCE and shows the results of tools that only read; its token is in no storage, and an answer that it did not ask for is refused.',
  'page.first-call':
    'What the front page of the sandbox gives people to copy is enough: it starts or sets up a client, they sign in on the pages that it opens, and the first call has an answer.',
  'page.accessible':
    'In both themes, wide and narrow, axe-core finds nothing on any page, nothing is cut off, and the console stays empty.',
  'page.assets':
    'Style and scripts are served from this server, under names that change with them, to be kept for ever.',
  'docs.error-uri': {
    promise: 'Every OAuth error body carries an error_uri that leads to its entry, under an origin of this server.',
    source: 'https://www.rfc-editor.org/rfc/rfc6750#section-3',
  },
  'supply.dependencies': 'docs/dependencies.md names every production dependency, why it is there and what it reaches.',
  'supply.integrity': 'The lock file holds every package to a digest, and takes all of them from the registry.',
  'supply.audit':
    'The check of this repository fails on a known vulnerability of a package, and says so where no registry answers.',
  'supply.scripts': 'No package runs code while it is installed; those that would are listed.',

  // Deployment
  'deploy.image':
    'The image is built in stages from the lock file, without development dependencies and package manager; it runs as a numeric user who can write nothing, with labels, a health check and arguments that are no shell.',
  'deploy.run': 'The documented docker run line is the one that is tried; without PUBLIC_URL the image ends with 78.',
  'deploy.walk':
    'The walk through the Dockerfile does what an engine would, and refuses instructions and flags that it does not know.',
  'deploy.schemas':
    'compose.yaml and the Kubernetes manifests fit their published schemas; unknown fields fail, proven by planted ones.',
  'deploy.settings':
    'Every variable, port, path, user and time in the Dockerfile, compose.yaml and manifests is one that the server knows, and they agree.',
  'deploy.people':
    'With the settings of the examples, a client that registered itself is served for a person of an admitted organization, in either mode.',
  'deploy.ledger':
    'deploy/compose.ledger.yaml keeps the audit ledger of each instance in a file of its own, on a volume, where the documentation makes the folder.',
  'deploy.systemd':
    'The unit of systemd starts what the image starts, confined, without the secret in a variable, and leaves calls their time; the documented files beside it are for workspace mode and for a Node.js elsewhere.',
  'deploy.secrets': 'Compose and manifests name secrets and hold none; all that they refer to exists.',
  'deploy.hardened':
    'Containers run as an unprivileged user, on a read-only file system, without capabilities and new privileges; images are of one line, to which a digest can be added; the proxy is in no network of Redis.',

  // Logging
  'log.line': 'One JSON line per request with request id, caller, method, tool, outcome and duration.',
  'log.probes': 'Probes of /health and below are logged at debug.',
  'log.upstream':
    'The line of a call that the API failed holds upstream: its status, error_code and request_id, and none of its text.',
  'log.bad-token':
    'The line of a bad token holds what it says and what was expected (aud, iss, kid, alg, typ, exp), cleaned and cut; the answer holds neither.',
  'log.strangers':
    'Nobody without a token fills the log: lines of requests and connections without a known caller are one each up to 600 in a minute, in all, and the rest is one line, strangers_summed, by outcome; whatever callers do is one line each.',
  'log.no-secrets': 'No bodies, no tokens, no query strings in the log.',
  'log.foreign':
    'The line of a request with a foreign Host or Origin says which are accepted, and does not repeat the one that came.',
  'log.file':
    'LOG_FILE gets every line as well, as JSON, for its owner alone, also where the file was there before; it may be moved away at any time, all of it is out before the process ends, and one that cannot be written ends the start with 78.',

  'log.own-id':
    'Each request has an id of this server’s own in log, ledger, trace and answer, beside the X-Request-Id of its client, which several may share.',
  'log.plain':
    'What tokens and requests say reaches the log without control and direction characters; no line holds one.',
  'log.encoded-secrets': 'Secrets are found in paths and headers also where they are percent-encoded.',

  // Metrics
  'metrics.off': 'Without METRICS_PORT nothing is counted, and what counts is not even loaded.',
  'metrics.requests':
    'Requests, MCP operations and tools are counted with their durations and outcomes, by the names of OpenTelemetry’s conventions.',
  'metrics.upstream':
    'So is each request to Scalekit, by the template of its path, with its status or what went wrong.',
  'metrics.tokens': 'Known and checked tokens, and downloads of keys, are counted.',
  'metrics.limits': 'What limits refuse is counted by limit.',
  'metrics.confirmations': 'Confirmations that were asked for, accepted and refused are counted.',
  'metrics.process': 'Event loop delay, processor time and memory are there.',
  'metrics.bounded': 'Labels hold words of this server alone, whatever callers send.',
  'metrics.port':
    'GET /metrics has a port of its own, loopback unless told otherwise; a port that is taken ends the start; it closes with the server.',
  'metrics.scrapes':
    'Metrics are read once for all scrapes that run at the same time, with workers once in a second; whoever reads no answer takes no more memory than one.',
  'metrics.host':
    'GET /metrics answers under the names of its address and those that METRICS_ALLOWED_HOSTS lists; any other Host is 403.',
  'metrics.scraped':
    'deploy/ and docs/operations.md say how Prometheus gets at the metrics with Compose and on Kubernetes, with its operator and without, under the job that the alerts ask for.',
  'metrics.deploy':
    'Dashboard and alerts in deploy/ ask for metrics, labels and words that exist, in PromQL that parses.',
  'metrics.alerts':
    'Alerts fire on what is recorded: an instance that is down or unknown, the share of tool calls that fail, a client that Scalekit refuses, an API or an authorization server that is not there.',
  'metrics.runbooks': 'Each alert has a runbook_url, and each page of docs/runbooks/ an alert.',
  'metrics.config': 'Settings for metrics and logs are checked with all others.',

  // Traces
  'trace.spans':
    'Where spans are collected, each message is one, named after OpenTelemetry’s conventions, with what authenticated, authorized, ran and was sent under it.',
  'trace.parent': {
    promise: 'The parent is the traceparent of the message (_meta), else that of the request, when it has W3C’s form.',
    source: 'https://www.w3.org/TR/trace-context/#traceparent-header',
  },
  'trace.state': {
    promise:
      'A tracestate is passed on only when all of it has W3C’s form, in at most 512 characters, and no secret is found in it.',
    source: 'https://www.w3.org/TR/trace-context/#tracestate-header',
  },
  'trace.sent-on':
    'traceparent and tracestate go out with every request to the API, those of a caller unchanged where no spans are collected; nothing else of a caller’s does.',
  'trace.bare': 'Spans hold no arguments, ids of the platform, tokens, bodies or queries.',
  'trace.off': 'Without a place to send spans to, what makes and sends them is not loaded.',
  'trace.export': 'Spans of the process leave by OTLP over HTTP, the last ones before it ends.',

  // Audit
  'audit.unknown-outcome':
    'A call that failed after a request was sent that may have changed something, and that the API did not refuse, has may_have_acted: true on record.',
  'audit.calls':
    'Every tool call is one mcp_tool_access record: who, with which client, from where, which tool and environment, the scopes that let it through, a digest of its arguments, what came of it and how long it took.',
  'audit.at-once':
    'A tool call is on record, in the log, the ledger and the metrics, when its tool has ended, whether or not its answer is read; an answer that is lost later is logged.',
  'audit.auth-failures':
    'Failed authentications are on record: no token, a bad one, one that cannot be checked, a caller who is not admitted.',
  'audit.step-up': 'A missing scope is on record, with what was there and what was needed.',
  'audit.bounded':
    'A record of what is refused is short, whatever was sent: below 1,500 bytes without a token, below 7,000 with one, of whose scopes it tells the first and how many more there are.',
  'audit.charged-first': 'Arguments are redacted for their digest only when their call has been charged and admitted.',
  'audit.limits': 'A request that this server’s own limits refuse is on record.',
  'audit.flood':
    'Refusals are one record each up to 600 in a minute without a caller, and up to ten of a kind for each caller; beyond that one record counts those of a minute and caller, so that nobody pushes out what others did. Calls are never summed up.',
  'audit.address': 'The address on record is the client’s, as the trusted proxies name it.',
  'audit.scope-check': 'What a scope check needed and found is in the log at debug level.',
  'audit.token-requests': 'The sandbox logs oauth_token_request: client, grant, scopes, success.',
  'audit.digested':
    'Secrets by name do not count in the digest of arguments; all else does. Where something is redacted by its shape, or more than 16,384 characters are there, the digest is made under a key of the process, so that nothing can be guessed and no two calls that do different things have the same.',
  'audit.no-secrets':
    'No token, secret or confirmation is in the ledger; arguments are redacted before their digest, and the sentence that names them, are made.',
  'audit.chain':
    'Each record holds the hash of the one before and its own, over a canonical form; the first one follows a value that names the instance.',
  'audit.verify':
    'npm run audit:verify finds the first line that was changed, removed, inserted or moved, with file, line and reason.',
  'audit.forged':
    'Whatever bytes stand in a file of the ledger, audit:verify and the start read them in linear time, say what is wrong with them, and print nothing of them that a terminal would obey.',
  'audit.interleaved':
    'The chains of several processes in one stream are followed side by side where the operator says so, and nowhere else.',
  'audit.file':
    'A file of the ledger is for its owner alone, also one that was there before; one that cannot be written ends the start with 78, with its path and what to do.',
  'audit.one-writer':
    'A file of the ledger has one writer: a second one, by whatever name of the file, is refused with 78; the lock of a process that has ended is taken over.',
  'audit.aliases':
    'A LOG_FILE that leads to a file of the ledger (itself, a full one, its lock, the one of a worker) is refused with all other problems, whatever links lead there.',
  'audit.workers':
    'A primary records when its workers start and end, and where their chains are then; with --interleaved a chain or an end that was taken out is found.',
  'audit.workers-unended': 'A worker that its primary names as started and never as ended is named by audit:verify.',
  'audit.stderr':
    'The ledger goes to stderr unless it is told otherwise, and all of it is out before the process ends.',
  'audit.stderr-alone':
    'Warnings of Node.js go into the log, in a worker too: nothing but records stands in a ledger on stderr.',
  'audit.restart': 'A restart goes on with the chain in the file, and refuses a file that does not end with a record.',
  'audit.torn':
    'A last line that a crash cut off stays, and the next record says so; each is counted, and the log says at each start and stop how far the ledger reached.',
  'audit.rotation': 'Full files are set aside, a number of them is kept, and the chain goes on in the next file.',
  'audit.intent':
    'What overwrites or destroys is on record before it runs, so that a crash cannot hide it; previews do not count.',
  'audit.required':
    'While the ledger cannot be written, what overwrites or destroys is refused before anything is sent, and the rest goes on; AUDIT_REQUIRED makes that all calls or none.',
  'audit.recovery':
    'Records wait for a ledger that cannot be written, in order and bounded; what is lost is counted in the ledger and in the log.',
  'audit.config': 'The ledger’s settings are checked with all others.',

  // Sandbox and clients
  'sandbox.flow':
    'Registration, login, consent with unticked scopes, step-up, refresh and client credentials work against the sandbox.',
  'sandbox.contract':
    'The sandbox answers with the API’s own limits, pagination, error bodies and tolerance of unknown fields.',
  'sandbox.server-scopes':
    'In the sandbox every resource has the scopes of its environment, its metadata names the enabled ones, and a scope that is deleted is gone from all.',
  'sandbox.app-connections':
    'The sandbox creates, shows, changes and enables app connections under /connections, and refuses a flag that is no boolean.',
  'sandbox.native-clients': {
    promise: 'The sandbox lets a native client come back on any port of the loopback address that it registered.',
    source: 'https://www.rfc-editor.org/rfc/rfc8252#section-7.3',
  },
  'sandbox.resources':
    'The sandbox’s tokens are for this server under any of its names: the one that was asked for, else the one that the metadata publishes.',
  'sandbox.foreign-resources':
    'The sandbox issues no token for another server: invalid_target for both grants, before anybody is asked.',
  'sandbox.registration-blanks':
    'What a client leaves empty or null when it registers with the sandbox, or in its document, counts as left out; that it has nowhere to return to is told.',
  'sandbox.refresh':
    'The sandbox gives refresh tokens and offline_access to clients that registered the grant, whether they ask for it or not, and to nobody else.',
  'sandbox.refresh-twice':
    'A refresh token of the sandbox stays good for 30 seconds after its first use; after that it ends the whole sign-in.',
  'sandbox.prompt': 'The sandbox takes every defined value of prompt, and lets values that it does not know pass.',
  'sandbox.restart':
    'Signing keys, registrations, grants and refresh tokens of the sandbox survive a restart, in a file for this user alone.',
  'sandbox.own-server':
    'Whoever registers an MCP server in the first environment of the sandbox protects it as Scalekit’s guide says: clients register or name a document, people sign in, and the token is good for that server alone.',
  'sandbox.server-as':
    'Every MCP server registered in the first environment of the sandbox has an authorization server, which follows its registration at once: scopes, URL, lifetimes, registration, clients, consents, deletion.',
  'sandbox.bounded':
    'Clients that register themselves at the sandbox push out the oldest of their own server alone; a document that cannot be used is not fetched again at once.',
  'sandbox.client-documents': {
    promise:
      'The sandbox fetches a client’s metadata document from public addresses by https and from this machine, follows nothing, and believes only a document that names its own address.',
    source: 'https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/',
  },
  'sandbox.base': 'The sandbox’s management API answers below /api/v1 and nowhere else.',
  'sandbox.secrets':
    'A secret of a client is shown when it is made and never again; a client has five at most and keeps the last one, and they stand oldest first.',
  'sandbox.heeds':
    'The sandbox heeds every field of the requests that it serves, or refuses the request and says which field it does not play.',
  'sandbox.empty-texts':
    'Tests choose whether an empty text in a PATCH clears in the sandbox, or changes nothing unless a mask names the field.',
  'sandbox.steps':
    'Portal, magic, authorization and test links of the sandbox lead to pages of its own, where one click finishes the step.',
  'sandbox.roles':
    'A member who holds nothing but permissions to look may look at everything in the sandbox; the API refuses the rest, and to others what their role lacks, in one environment or in all.',
  'sandbox.consent':
    'Consent ticks what only looks and offers the rest, marked, and identity scopes are no choice; it says what is granted and for how long, its buttons stay in view, and nothing ticked is no answer, and stays so.',
  'sandbox.consent-again':
    'Consent for a client that was allowed something before begins with what is new, marked, and ticks that and what was allowed.',
  'sandbox.unknown-client':
    'A client that the sandbox does not know gets a page that says why, and how each program removes and adds the server.',
  'sandbox.home':
    'The sandbox’s own page says how to connect, first and anew, who can sign in, and how a machine gets a token.',
  'sandbox.error-pages': 'Pages of the sandbox say in its own words what is wrong, and each has a link on.',
  'client.sdk1': 'The flow works with an SDK 1.x client.',
  'client.sdk2': 'The flow works with an SDK 2.x client: legacy, auto and pinned to 2026-07-28.',
  'client.recorded':
    'What client libraries of other languages, and agent programs, were seen to send, to the byte, is served: connecting, reading, failing and deleting in two steps.',
  'client.recorded-sign-in':
    'What programs were seen to send to sign in, to the byte, leads to a token, after a 403 to one with more scopes where they ask for it, and after a restart to a fresh one.',
  'client.mcp-remote': 'The flow works through mcp-remote.',
  'demo.address': 'npm run demo -- URL goes to that URL.',
  'demo.walk':
    'npm run demo walks through discovery, registration, login, consent and step-up against a running server, and ends with a customer on board: features, domain, portal link, first user with a role.',
  'bench.goals': 'A goal that is missed, or that was not measured, fails npm run bench -- --check.',
  'bench.answers': 'What loads a server counts answers of another status or length, and lost connections, as failures.',
  'arguments.null':
    'Null for an optional argument means that it was left out, nested ones and `arguments` itself included; required ones that are null are errors.',
  'arguments.empty':
    'Empty text for an optional argument means that it was left out, unless it is a value that clears.',
  'arguments.types':
    'A value in another JSON type is taken as what it means where it has one meaning only, `arguments` itself included, before the decision about the call.',
  'arguments.hosts':
    'Members that programs add to all arguments are dropped and counted; misspelt arguments are errors.',
  'process.preflight':
    'An old Node.js, packages that are not installed and a folder that cannot be written are told in one sentence by every npm script and every built program, before anything else is loaded.',
  'process.arguments':
    'Without a command the server takes --check, --help and --version; any other option ends it with 2 before anything is started.',
  'process.check':
    '--check reads the settings as a start would and starts nothing: 78 with every problem, or 0 with what they mean and what is doubtful, without secrets.',
  'process.terminal':
    'On a terminal the sandbox says how to connect, look and try, with no JSON between the lines; a ledger is only left out where it would be fiction.',
  'process.old-node': 'A line of Node.js that gets no security fixes any more is a warning at start.',
  'process.ready': 'The built server says when it is ready, in one line with its URL.',

  // How it is found
  'discovery.card': {
    promise:
      'The server card at /mcp/server-card says what a client sees once it is connected: name, version, addresses, revisions of MCP; it is public, kept for an hour, and told apart by its tag.',
    source:
      'https://github.com/modelcontextprotocol/experimental-ext-server-card/blob/main/docs/discovery.md#mcp-server-cards',
  },
  'discovery.catalog': {
    promise: '/.well-known/ai-catalog.json leads to the server card.',
    source:
      'https://github.com/modelcontextprotocol/experimental-ext-server-card/blob/main/docs/discovery.md#ai-catalog',
  },
  'discovery.challenge':
    'OPENAI_APPS_CHALLENGE is served to the byte at /.well-known/openai-apps-challenge; without it there is 404.',
  'discovery.llms':
    '/llms.txt says to models what this server is, and links its pages, their Markdown and the documents for programs, all of which are there.',
  'discovery.registry':
    'server.json is what the MCP registry accepts, names the package and its version, and the addresses of a hosted server.',

  // Documents
  'docs.links':
    'Every relative link of README.md, docs/ and their neighbours leads to a file that there is, and every anchor to a heading of it.',
  'docs.blocks':
    'Every block of commands in README.md, CONTRIBUTING.md and AGENTS.md is run by something that is named, or says why nothing runs it.',
  'docs.block-commands':
    'Every command in a block of README.md, its neighbours, docs/ and their runbooks is one that is known, and what it names is there: scripts, options, tools, files, settings, services, addresses. So are those of ours in sentences.',
  'docs.configuration': 'docs/configuration.md has every setting of .env.example, with what is said of it there.',
  'docs.first-screen': 'README.md says the sentences that the front page says, and its picture is small.',

  // The package
  'package.content':
    'The package holds what runs, its licence and its guide, no sources, tests or maps, and stays small.',
  'package.changes':
    'CHANGELOG.md tells what the version of the package brings, docs/upgrading.md what an operator does for it, and each change that is not released yet names the package and how large it is.',
  'package.runs':
    'The package serves its sandbox from an empty folder with the dependencies that it declares, and a client calls a tool.',
  'package.bundle':
    'The bundle for programs that install MCP servers (.mcpb) asks for credentials, the secret among them as one, starts without anything else, and lists the tools that its manifest names.',
  'package.revision':
    'GET /health, the front page and --version say the commit that a build was made from; a build that knows none says none.',

  // The command line
  'cli.help':
    'The help lists every command, and that of a command its options, with a usage that can be typed; help for what is no command is refused.',
  'cli.mistyped':
    'A mistyped command, option, tool, argument of a tool or client ends with a failure, says what was probably meant, and does nothing.',
  'cli.own-call':
    'Whoever is told to run a command of this program is told it as it is called on their machine: by npx where npx has fetched and started it, by its name where it is installed, else by its script.',
  'cli.lines':
    'Every command line that the program says to run works as it is pasted, and leads to what was wanted: to sign in, to get a scope, to confirm, to see tools, arguments or help. With --json it is `run` in the error.',
  'cli.json': 'With --json stdout holds exactly one JSON value: the result, or the error with its kind.',
  'cli.output':
    'No text that a command writes steers a terminal: control and format characters in it are shown as U+FFFD, and escaped in JSON; joiners stay where a script needs them.',
  'cli.terminal':
    'On a terminal install asks before it changes anything; who breaks that off has changed nothing, and the exit code says so.',
  'cli.tools': 'tools lists what can be called, with effect and scope, narrowed by options.',
  'cli.sandbox': 'tools and call say on stderr that they are on the sandbox, unless results are JSON.',
  'cli.call':
    'call takes arguments as text, JSON and one object; the exit code says whether the tool, the command line or Scalekit failed, and secrets reach no output.',
  'cli.interrupted': 'SIGINT and SIGTERM abort the call that runs, which is told and recorded.',
  'cli.confirm':
    'call shows what takes something away, and does it with the value that came with that, as long as it would do the same.',
  'cli.secrets':
    'With --secrets-to, secrets that tools make are in that file alone, readable by its owner, beside what was in it; results name the variable; git ignores the file and what is left of it unfinished, and a warning tells where git tracks it already.',
  'cli.completion':
    'completion prints a script with which a shell completes commands, options, tools, toolsets and clients, as they are.',
  'cli.audit': 'audit verify says what npm run audit:verify says, with the same exit codes.',

  // Over stdio
  'stdio.clients':
    'Over stdio both releases of the SDK list, read, complete, call, and delete in two steps, in both eras of the protocol.',
  'stdio.credentials':
    'Over stdio the URL and the client of the environment are enough; what only a server on a port reads says nothing; no secret reaches stderr.',
  'stdio.sandbox': 'Over stdio without settings the sandbox answers, and stderr and the instructions say so.',
  'stdio.narrow': 'The options of stdio narrow what the operator offers, and never widen it.',
  'stdio.refused-start':
    'What stdio cannot serve ends it with its exit code and the reason on stderr, before anything is on stdout.',
  'stdio.junk':
    'Over stdio, what is no message, batches among it, is refused as that and ends nothing; stdout has nothing but messages.',
  'stdio.too-long': 'A line above the size of bodies is refused by its id, where that can be found, and is not kept.',
  'stdio.end':
    'The end of the input and SIGTERM let what runs over stdio finish and be answered and recorded; then it ends with 0.',
  'stdio.cancel': 'Over stdio a cancelled call is aborted and not answered.',
  'stdio.same-id': 'A request with the id of one that is not answered yet is refused without disturbing that.',
  'stdio.places': 'The limit of calls at the same time applies over stdio, and is told in results.',
  'stdio.unread':
    'While nobody reads stdout, stdin is not read either: answers that wait take no memory without bound.',
  'stdio.gone': 'When nobody reads stdout any more, what runs is aborted, and it ends with 0.',

  // Clients that people use
  'install.round-trip':
    'Each client of the table, on each system and in each scope, gets this server, shows it, has nothing to do a second time, and is afterwards as it was before, byte for byte.',
  'install.kept':
    'Comments and entries of others stay as they are written; what a file was stays beside it; no secret of it is shown.',
  'install.places': 'Files of clients are found where their systems and the variables of people put them.',
  'install.replaces':
    'An entry that is there gets the new URL and keeps what was set beside it; headers for another server do not stay.',
  'install.broken':
    'A file of a client that is broken, read-only, not text, no file, too deep or ambiguous is refused with the file, the line and what to do, and not touched.',
  'install.links': 'A link is followed within the home folder, and within the project for its files, and no further.',
  'install.concurrent':
    'What somebody else writes meanwhile is not lost; two runs at the same time both arrive; a run that was killed stops nobody for good.',
  'install.own-command':
    'A client that keeps its settings by a command on the search path is changed by it, with arguments that no shell reads; nothing from the project at hand is run.',
  'install.asks':
    'Nothing is changed without a yes, which a run without a terminal gives by --yes; --dry-run changes nothing.',
  'install.url':
    'Clients are given a URL without secrets only: https, or http on this machine, with an endpoint and a selection that this server knows.',
  'install.list': 'install --list says which clients are on this machine and where this server is installed.',
  'install.local':
    'What a person has for themselves in one project is listed for every project, checked, added and taken out, there or by --project from elsewhere.',
  'install.bridge':
    'A client that starts programs alone gets a bridge that can be started: the package where npm has fetched it, else the script that was built here or is out of a file, but for what others read as well: files of projects, and pages that are not of this machine.',
  'install.by-hand': 'What cannot be written for people is printed for them to paste, and fails.',

  // What is wrong
  'doctor.all':
    'doctor looks at everything, says of each thing what it saw and what to do, and ends with 0 only when nothing fails.',
  'doctor.settings':
    'doctor lists every problem of the settings, and says who has the port and whether the ledger can be written.',
  'doctor.scalekit':
    'doctor finds out whether keys, API, authorization server, clock and the client of this server are good, without showing a secret.',
  'doctor.server': 'doctor looks at a server as clients see it, before they have a token.',
  'doctor.clients':
    'doctor finds the entries of this server in all clients, and says which lead nowhere, are in a wrong form, switched off, stale, or hold a token; it shows no token.',
  'doctor.scopes':
    'doctor says which scopes an entry of a client asks for, by itself or because its URL has it do so, that are not enabled at the server.',
  'doctor.sign-ins': 'doctor says which kept sign-ins others could read or have written, and what mends that.',
  'doctor.fix':
    'doctor --fix mends permissions of the ledger and of sign-ins, and the form of entries, once it is told to, changes nothing else, and looks again.',

  // Hosted servers, from a terminal
  'hosted.login':
    'A person signs in from a terminal with their browser, by authorization code with PKCE, and stays signed in.',
  'hosted.callback': 'Only the response that belongs to the sign-in, of the server that was asked, is used.',
  'hosted.refused':
    'A sign-in that is denied, or that nobody finishes, ends with a reason, and leaves nothing usable behind.',
  'hosted.kept': 'Sign-ins are kept for their owner alone, and not read where others could have reached them.',
  'hosted.logout': 'After a logout nothing of the sign-in is left on the machine.',
  'hosted.refresh': 'Tokens are renewed without the person, once, however many programs need it at the same time.',
  'hosted.step-up':
    'A scope that is missing is asked for in the browser, with those that are there; who denies it is not asked again.',
  'hosted.bridge':
    'A program that knows stdio alone uses a hosted server in both eras, with calls at the same time, and tokens that end.',
  'hosted.lines':
    'What comes over stdin for a hosted server is read as for the own catalogue: junk and lines that are too long are refused by their ids, and end nothing.',
  'hosted.questions':
    'What a hosted server asks its client is passed on, and the answer of the client to it, once; nothing else is taken for an answer.',
  'hosted.bounds':
    'An answer of a hosted server that is endless, too deep or not read takes no memory without bound, and its request is answered.',
  'hosted.hostile':
    'A server that lies about where people sign in, or points into this machine or a private network, gets nothing.',
  'hosted.tools':
    'tools and call use a hosted server with the same words, results, confirmations and exit codes as their own catalogue.',
  'hosted.token': 'SCALEKIT_MCP_TOKEN stands for a sign-in, and is never shown.',
  'hosted.url': 'Nothing is sent to a URL that would carry tokens in the clear, or that is none.',
  'hosted.refusal':
    'A call that a hosted server refuses ends with the code that the server says, such as insufficient_scope, as it would in a result, and with what helps to go on.',
  'hosted.away': 'A hosted server that is away or answers something else than MCP is told as that, with what to do.',

  // Several instances
  'instances.config':
    'WORKERS, CONFIRMATION_KEYS and the times of stopping are checked with all others; keys are never shown.',
  'instances.limits': 'Several processes behind a proxy count a caller together.',
  'instances.confirmations':
    'A confirmation previewed at one process acts at another, once, however many try at the same time.',
  'instances.redis-lost':
    'When processes lose Redis they serve on, count for themselves and refuse what has to be confirmed, and say so once; all is as before when it is back.',
  'instances.one-dies': 'A process that dies under load takes no call with it but those in flight on it.',
  'instances.one-stops': 'A process that is told to stop under load takes no call with it.',

  // Workers
  'workers.metrics':
    'The primary serves the sum of what its workers count, also while one of them starts, hangs or is replaced, and counts those that have died.',
  'workers.redis': 'WORKERS above 1 without REDIS_URL is refused at start, with what to do.',
  'workers.start':
    'WORKERS=n serves with n processes on one port, with one sandbox, and says once that it is ready; what is wrong with the configuration is said once, and nothing stays behind.',
  'workers.limits': 'Workers count a caller together.',
  'workers.confirmations': 'Workers take each other’s confirmations, once.',
  'workers.lost-primary':
    'While the primary hangs, workers serve the connections that they have; when it is killed, they end with it.',
  'workers.replaced': 'A worker that dies takes no call with it but those in flight on it, and is replaced.',
  'workers.give-up': 'Workers that cannot start end the whole, with a reason and an exit code.',
  'workers.drain':
    'A signal to the primary, or to all at once, loses no call, and ends with 0; a second one ends all at once.',
  'workers.drain-starting':
    'A stop or a failure while some workers still start cuts no call of those that serve, and the ledger has their calls and their ends.',
  'workers.named': 'Every line of the log that a worker writes has its number, as its ledger has.',
  'workers.output': 'Lines of up to 4 KiB of several workers are never torn by each other.',
  'workers.ledger': 'Each worker keeps a ledger of its own, which its replacement goes on with.',

  // Stopping
  'drain.ready': 'A server that is told to stop answers readiness with 503 at once, and serves on for DRAIN_DELAY_MS.',
  'drain.under-load': 'Told to stop under load, a server loses no call of clients that heed its readiness.',
  'drain.in-flight': 'Calls in flight get their whole answer, with Connection: close; new connections are refused.',
  'drain.deadline': 'What is not over after DRAIN_TIMEOUT_MS is cut, and the exit code is 0 all the same.',
  'drain.idle': 'Connections on which nothing happens do not hold up the end.',
  'drain.flush': 'The audit ledger is whole and holds every call when the process ends.',
  'drain.second-signal': 'A second signal ends the process at once.',
  'drain.while-starting':
    'A server that is told to stop while it starts begins nothing more, says of nothing that it runs, and ends with 0.',
  'drain.failed-start': 'What was opened is closed again when the start fails later.',
  'process.drain': 'SIGTERM lets requests in flight finish and ends with exit code 0.',
} as const satisfies Record<string, string | Requirement>;

/** The id of a promise. */
export type PromiseId = keyof typeof REQUIREMENTS;

/** All promises by their ids. */
export const PROMISES = Object.entries<string | Requirement>(REQUIREMENTS).map(
  ([id, entry]) => [id as PromiseId, typeof entry === 'string' ? { promise: entry } : entry] as const,
);

/** What such a server must keep as well, and why no test of this one can show it. */
export const NOT_TESTED = {
  'writes.plans': 'No tool makes or applies plans.',
  'writes.elicitation':
    'Confirmations come as an argument of the next call: there is no dialogue that a user could decline or cancel.',
  'text.prose': 'No tool answers in prose: results are JSON.',
} as const satisfies Record<string, string>;
