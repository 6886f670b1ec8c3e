# Generated from models/departure_delay/model.yaml; do not edit.
"""train_departure_delay: Trains departure_delay, and makes it champion if it wins.

It trains the model departure_delay and is derived from models/departure_delay/model.yaml.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, RetryDecision, RetryPolicy


class UnlessLasting(RetryPolicy):
    """No other try where a step says, by its exit status, that it would fail in the same way."""

    def evaluate(self, exception, try_number, max_tries, context=None):
        if str(exception).endswith("exit code 65."):
            return RetryDecision.fail("another try would fail in the same way")
        return RetryDecision.default()


with DAG(
    dag_id="train_departure_delay",
    description="Trains departure_delay, and makes it champion if it wins.",
    doc_md=__doc__,
    schedule=(
        Asset(name="carrier_delays", uri="mlops://flights/tables/carrier_delays")
        & Asset(name="plane_delays", uri="mlops://flights/tables/plane_delays")
    ),
    start_date=pendulum.datetime(2026, 1, 1, tz="America/New_York"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "ops-analytics",
        "append_env": True,
        # Empty for a run without a data interval, such as one that assets triggered.
        "env": {
            "MLOPS_INTERVAL_START": "{{ dag_run.data_interval_start or '' }}",
            "MLOPS_INTERVAL_END": "{{ dag_run.data_interval_end or '' }}",
        },
        "skip_on_exit_code": 99,
        "retry_policy": UnlessLasting(),
    },
    tags=["departure_delay", "model"],
):
    pull_features = BashOperator(
        task_id="pull_features",
        doc_md=(
            "Join the features to the labelled rows, as they were known when a prediction would "
            "have been made."
        ),
        bash_command=(
            'exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay pull_features'
        ),
        retries=1,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=30),
    )
    train = BashOperator(
        task_id="train",
        doc_md="Fit the team's model on everything before the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay train',
        retries=1,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=30),
    )
    evaluate = BashOperator(
        task_id="evaluate",
        doc_md="Hold the candidate, a naive baseline and the champion against the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay evaluate',
        retries=1,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=30),
    )
    gate = BashOperator(
        task_id="gate",
        doc_md="Refuse a candidate that does not win by the stated margin.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay gate',
        retries=0,
        execution_timeout=timedelta(minutes=30),
    )
    register = BashOperator(
        task_id="register",
        doc_md="Register the candidate and make it champion.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_departure_delay register',
        retries=1,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=30),
        outlets=[
            Asset(name="departure_delay@champion", uri="mlops://flights/models/departure_delay"),
        ],
    )

    pull_features >> train >> evaluate >> gate >> register
