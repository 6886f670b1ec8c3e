# Generated from models/cancellation/model.yaml; do not edit.
"""train_cancellation: Trains cancellation, and makes it champion if it wins.

It trains the model cancellation and is derived from models/cancellation/model.yaml.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, CronTriggerTimetable

with DAG(
    dag_id="train_cancellation",
    description="Trains cancellation, and makes it champion if it wins.",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(
        "30 4 * * mon",
        timezone="Europe/Berlin",
        interval=timedelta(days=7),
    ),
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "ground-crew",
        "append_env": True,
        # Empty for a run without a data interval, such as one that assets triggered.
        "env": {
            "MLOPS_INTERVAL_START": "{{ dag_run.data_interval_start or '' }}",
            "MLOPS_INTERVAL_END": "{{ dag_run.data_interval_end or '' }}",
        },
        "skip_on_exit_code": 99,
    },
    tags=["cancellation", "model"],
):
    pull_features = BashOperator(
        task_id="pull_features",
        doc_md=(
            "Join the features to the labelled rows, as they were known when a prediction would "
            "have been made."
        ),
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation pull_features',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )
    train = BashOperator(
        task_id="train",
        doc_md="Fit the team's model on everything before the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation train',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )
    evaluate = BashOperator(
        task_id="evaluate",
        doc_md="Hold the candidate, a naive baseline and the champion against the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation evaluate',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )
    gate = BashOperator(
        task_id="gate",
        doc_md="Refuse a candidate that does not win by the stated margin.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation gate',
        retries=0,
        execution_timeout=timedelta(minutes=15),
    )
    register = BashOperator(
        task_id="register",
        doc_md="Register the candidate and make it champion.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation register',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="cancellation@champion", uri="mlops://flights/models/cancellation")],
    )

    pull_features >> train >> evaluate >> gate >> register
