# syntax=docker/dockerfile:1

# The Node.js line in long-term support. .ci/run walks through this file with the same line, and fails when that line is
# no longer supported for long.
ARG NODE_MAJOR=24
# The digest of that image as the registry shows it, such as @sha256:…, so that the tag cannot move.
ARG NODE_DIGEST=

# --- What production needs of the lock file. Changes seldom, so it comes first. ---
FROM node:${NODE_MAJOR}-alpine${NODE_DIGEST} AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

# --- TypeScript becomes JavaScript, with the development dependencies, none of which goes further. ---
FROM node:${NODE_MAJOR}-alpine${NODE_DIGEST} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/preflight.mjs scripts/revision.mjs scripts/
COPY src src
# The commit, which the server tells at /health: there is no history here that the build could ask.
ARG REVISION=unknown
RUN GIT_REVISION="${REVISION}" npm run build

# --- The image. ---
FROM node:${NODE_MAJOR}-alpine${NODE_DIGEST}

# Nothing is installed in a running container; without package managers there is less to keep up to date.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
  /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-*

# Production demands PUBLIC_URL: without it, the container ends with 78.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3002

WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE scripts/healthcheck.mjs ./

# A number, so that Kubernetes sees that it is not root. Nobody has it: all files belong to root, none can be written.
USER 65532:65532
EXPOSE 3002

# Node.js is the first process, without a shell in front: signals reach it, and it ends with 0 after SIGTERM.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --start-interval=1s --retries=3 \
  CMD ["node", "healthcheck.mjs"]
ENTRYPOINT ["node"]
CMD ["--import", "./dist/tracing.js", "dist/main.js"]

# Last, since they change with every build.
ARG NODE_MAJOR
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Scalekit MCP server" \
  org.opencontainers.image.description="An OAuth-protected remote MCP server that lets AI assistants manage a Scalekit workspace." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.base.name="docker.io/library/node:${NODE_MAJOR}-alpine"
