# Generated from models/merchant_volume/model.yaml; do not edit.
"""Starts score_merchant_volume when merchant_volume@champion has changed.

A DAG of its own: score_merchant_volume goes on waiting for its tables.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="score_merchant_volume-after-merchant_volume-champion",
    description="Starts score_merchant_volume when merchant_volume@champion has changed.",
    doc_md=__doc__,
    schedule=Asset(name="merchant_volume@champion", uri="mlops://payments/models/merchant_volume"),
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "merchants",
    },
    tags=["merchant_volume", "model"],
):
    TriggerDagRunOperator(
        task_id="start",
        trigger_dag_id="score_merchant_volume",
        # Once for each update, however often this task is tried.
        trigger_run_id="started__{{ run_id }}",
        skip_when_already_exists=True,
        conf={
            "started_by": "score_merchant_volume-after-merchant_volume-champion",
            "run_id": "{{ run_id }}",
        },
        logical_date=None,
        retries=5,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=5),
    )
