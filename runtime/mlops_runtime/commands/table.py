"""The table of commands, in the order of `--help`."""

from __future__ import annotations

from mlops_runtime.commands import (
    apply,
    backfill,
    champions,
    cluster,
    databases,
    drift,
    kafka,
    live,
    logs,
    monitor,
    opensearch,
    promote,
    redis,
    repeat,
    rsyslog,
    serve,
    step,
    stream,
    topics,
    trial,
    unprivileged,
)
from mlops_runtime.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    step.COMMAND,
    trial.COMMAND,
    apply.COMMAND,
    live.COMMAND,
    drift.COMMAND,
    champions.COMMAND,
    promote.COMMAND,
    backfill.COMMAND,
    serve.COMMAND,
    repeat.COMMAND,
    cluster.COMMAND,
    databases.COMMAND,
    kafka.COMMAND,
    topics.COMMAND,
    stream.COMMAND,
    logs.COMMAND,
    opensearch.COMMAND,
    rsyslog.COMMAND,
    monitor.COMMAND,
    unprivileged.COMMAND,
    redis.COMMAND,
)
