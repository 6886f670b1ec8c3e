# What checks a pull request: Node, Python and git, and nothing that a pull request should not have.
ARG BASE=jenkins/inbound-agent:3385.vf1123fb_515da_-1
ARG NODE=node:22.23.3-bookworm-slim

FROM ${NODE} AS node

FROM ${BASE}
USER 0
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
USER 1000
