# Generated from models/departure_delay/model.yaml; do not edit.
"""Starts score_departure_delay when departure_delay@champion has changed.

A DAG of its own: score_departure_delay goes on waiting for its tables.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="score_departure_delay-after-departure_delay-champion",
    description="Starts score_departure_delay when departure_delay@champion has changed.",
    doc_md=__doc__,
    schedule=Asset(name="departure_delay@champion", uri="mlops://flights/models/departure_delay"),
    start_date=pendulum.datetime(2026, 1, 1, tz="America/New_York"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "ops-analytics",
    },
    tags=["departure_delay", "model"],
):
    TriggerDagRunOperator(
        task_id="start",
        trigger_dag_id="score_departure_delay",
        # Once for each update, however often this task is tried.
        trigger_run_id="started__{{ run_id }}",
        skip_when_already_exists=True,
        conf={
            "started_by": "score_departure_delay-after-departure_delay-champion",
            "run_id": "{{ run_id }}",
        },
        logical_date=None,
        retries=5,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=5),
    )
