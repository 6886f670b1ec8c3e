"""`python -m mlops_runtime …`: how Airflow, the supervisor and people start the runtime.

Logs go to standard error; the last line on standard output is one JSON object, the evidence.
Imports are within the commands: Feast alone takes five seconds, and most commands do not need it.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import EXIT_FAILED, PlatformError
from mlops_runtime.team import overlay

Evidence = dict[str, Any]

_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        # What libraries and the team's code print must not become the last line.
        with contextlib.redirect_stdout(sys.stderr):
            evidence = options.command(Workspace.open(), options, arguments)
    except PlatformError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        if error.errno not in _FULL:
            raise
        print(f"The disk is full ({error}); make room and run this again.", file=sys.stderr)
        return EXIT_FAILED
    if evidence is not None:
        print(json.dumps(evidence, default=str), flush=True)
    return 0


def _step(workspace: Workspace, options: argparse.Namespace, arguments: Sequence[str]) -> Evidence:
    from mlops_runtime import steps

    step = steps.find(workspace, options.pipeline, options.step)
    overlay.enter(workspace, steps.lock_of(workspace, step), arguments)
    return steps.run(workspace, options.pipeline, options.step)


def _apply(workspace: Workspace, _options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime import features, tracking

    applied: Evidence = {"feast": features.apply(workspace)}
    try:
        tracking.connect(workspace)
    except PlatformError as error:
        # Every training step makes what it needs in MLflow too, so this can wait.
        logging.getLogger("apply").warning("%s", error)
        return {**applied, "mlflow": None}
    return {**applied, "mlflow": tracking.apply(workspace)}


def _backfill(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime import features

    return {"view": options.view, **features.backfill(workspace, options.view, options.start, options.end)}


def _serve(workspace: Workspace, options: argparse.Namespace, arguments: Sequence[str]) -> None:
    # Rows come one by one, in several threads: more threads for each would only wait for the others.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    overlay.enter(workspace, workspace.model(options.model).lock, arguments)
    from mlops_runtime.serving.server import serve

    serve(workspace, options.model)


def _repeat(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime.training.repeat import repeat

    return repeat(workspace, options.run_id)


def _cluster(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime.servers import cluster

    return cluster.make(workspace, options.initdb, options.folder)


def _databases(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime.stores import postgres

    with postgres.failures(workspace):
        return postgres.make_databases(workspace, options.names)


def _kafka(_workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence | None:
    from mlops_runtime.servers import kafka

    given = (options.java, options.jars, options.properties, options.folder)
    if options.action == "format":
        return kafka.make(*given)
    kafka.become(*given)
    return None


def _topics(workspace: Workspace, _options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime.streaming import topics

    return topics.apply(workspace)


def _stream(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.logs import ecs
    from mlops_runtime.streaming.consumer import consume

    ecs.configure(f"stream-{options.view}")
    consume(workspace, options.view)


def _logs(workspace: Workspace, _options: argparse.Namespace, _arguments: Sequence[str]) -> Evidence:
    from mlops_runtime.logs import index

    return index.apply(workspace)


def _opensearch(_workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.servers import shipper

    shipper.become_opensearch(options.java, options.jars, options.folder, options.host, options.port)


def _rsyslog(_workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.servers import shipper

    shipper.become_rsyslog(options.program, options.configuration, options.folder, options.logs)


def _monitor(workspace: Workspace, _options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.logs import ecs
    from mlops_runtime.monitoring.monitor import watch

    ecs.configure("monitor")
    watch(workspace)


def _unprivileged(_workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.machine import unprivileged

    unprivileged.become(options.program, options.arguments)


def _redis(workspace: Workspace, options: argparse.Namespace, _arguments: Sequence[str]) -> None:
    from mlops_runtime.servers import redis

    redis.become(workspace, options.program, options.folder, options.arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlops_runtime", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    step = commands.add_parser("step", help="run one step of a pipeline")
    step.add_argument("pipeline")
    step.add_argument("step")
    step.set_defaults(command=_step)

    apply = commands.add_parser("apply", help="register what was compiled with Feast and MLflow")
    apply.set_defaults(command=_apply)

    backfill = commands.add_parser("backfill", help="materialise a stretch of a feature view")
    backfill.add_argument("view")
    backfill.add_argument("--from", dest="start", type=_time, required=True, metavar="TIME")
    backfill.add_argument("--to", dest="end", type=_time, required=True, metavar="TIME")
    backfill.set_defaults(command=_backfill)

    serve = commands.add_parser("serve", help="serve a model's champion over HTTP")
    serve.add_argument("model")
    serve.set_defaults(command=_serve)

    repeat = commands.add_parser("repeat", help="repeat a recorded training run on its own data")
    repeat.add_argument("run_id", metavar="RUN_ID")
    repeat.set_defaults(command=_repeat)

    _add_server_commands(commands)
    return parser


def _add_server_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    cluster = commands.add_parser("cluster", help="make PostgreSQL's data folder, once")
    cluster.add_argument("initdb")
    cluster.add_argument("folder", type=Path)
    cluster.set_defaults(command=_cluster)

    databases = commands.add_parser("databases", help="make PostgreSQL's roles and databases")
    databases.add_argument("names", nargs="+")
    databases.set_defaults(command=_databases)

    kafka = commands.add_parser("kafka", help="format a Kafka broker's folder, or become the broker")
    kafka.add_argument("action", choices=["format", "run"])
    kafka.add_argument("java")
    kafka.add_argument("jars")
    kafka.add_argument("properties", type=Path)
    kafka.add_argument("folder", type=Path)
    kafka.set_defaults(command=_kafka)

    topics = commands.add_parser("topics", help="make and alter Kafka's topics as they were compiled")
    topics.set_defaults(command=_topics)

    stream = commands.add_parser("stream", help="write a streamed view's events into the feature store")
    stream.add_argument("view")
    stream.set_defaults(command=_stream)

    logs = commands.add_parser("logs", help="make the index of logs as it was compiled")
    logs.set_defaults(command=_logs)

    opensearch = commands.add_parser("opensearch", help="become an OpenSearch node")
    opensearch.add_argument("java")
    opensearch.add_argument("jars")
    opensearch.add_argument("folder", type=Path)
    opensearch.add_argument("host")
    opensearch.add_argument("port")
    opensearch.set_defaults(command=_opensearch)

    rsyslog = commands.add_parser("rsyslog", help="become the shipper of the services' logs")
    rsyslog.add_argument("program")
    rsyslog.add_argument("configuration", type=Path)
    rsyslog.add_argument("folder", type=Path)
    rsyslog.add_argument("logs", type=Path)
    rsyslog.set_defaults(command=_rsyslog)

    monitor = commands.add_parser("monitor", help="measure data, models and pipelines for Prometheus")
    monitor.set_defaults(command=_monitor)

    unprivileged = commands.add_parser("unprivileged", help="become a program that refuses to run as root")
    unprivileged.add_argument("program")
    unprivileged.add_argument("arguments", nargs=argparse.REMAINDER)
    unprivileged.set_defaults(command=_unprivileged)

    redis = commands.add_parser("redis", help="become Redis, with its password")
    redis.add_argument("program")
    redis.add_argument("folder", type=Path)
    redis.add_argument("arguments", nargs=argparse.REMAINDER)
    redis.set_defaults(command=_redis)


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no time such as 2026-01-31 or 2026-01-31T06:00:00Z"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


if __name__ == "__main__":
    status = main(sys.argv[1:])
    os.dup2(2, 1)  # what threads and exit handlers still print must not come after the evidence
    sys.exit(status)
