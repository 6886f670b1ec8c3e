# Generated from models/departure_delay/model.yaml; do not edit.
"""train_departure_delay: Departure delay of a flight in minutes, predicted two hours before it is
due to leave.

It trains the model departure_delay, and is derived from models/departure_delay/model.yaml.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="train_departure_delay",
    description=(
        "Departure delay of a flight in minutes, predicted two hours before it is due to leave."
    ),
    doc_md=__doc__,
    schedule=(
        Asset(name="carrier_delays", uri="mlops://flights/table/carrier_delays")
        & Asset(name="plane_delays", uri="mlops://flights/table/plane_delays")
    ),
    start_date=pendulum.datetime(2026, 1, 1, tz="America/New_York"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "ops-analytics",
        "append_env": True,
        # Empty for a run that has no data interval: one that assets have triggered.
        "env": {
            "MLOPS_INTERVAL_START": "{{ dag_run.data_interval_start or '' }}",
            "MLOPS_INTERVAL_END": "{{ dag_run.data_interval_end or '' }}",
        },
        "skip_on_exit_code": 99,
    },
):
    pull_features = BashOperator(
        task_id="pull_features",
        bash_command=(
            'exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay pull_features'
        ),
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=20),
    )
    train = BashOperator(
        task_id="train",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay train',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=20),
    )
    evaluate = BashOperator(
        task_id="evaluate",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay evaluate',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=20),
    )
    gate = BashOperator(
        task_id="gate",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay gate',
        retries=0,
        execution_timeout=timedelta(minutes=20),
    )
    register = BashOperator(
        task_id="register",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay register',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=20),
        outlets=[Asset(name="departure_delay", uri="mlops://flights/model/departure_delay")],
    )

    pull_features >> train >> evaluate >> gate >> register
