# Generated from models/card_fraud/model.yaml; do not edit.
"""train_card_fraud: Trains card_fraud, and makes it champion if it wins.

It trains the model card_fraud and is derived from models/card_fraud/model.yaml.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, RetryDecision, RetryPolicy


class UnlessLasting(RetryPolicy):
    """No other try where a step says, by its exit status, that it would fail in the same way."""

    def evaluate(self, exception, try_number, max_tries, context=None):
        if str(exception).endswith("exit code 65."):
            return RetryDecision.fail("another try would fail in the same way")
        return RetryDecision.default()


with DAG(
    dag_id="train_card_fraud",
    description="Trains card_fraud, and makes it champion if it wins.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("20 6 * * mon", timezone="Europe/Berlin"),
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "fraud",
        "append_env": True,
        # Empty for a run without a data interval, such as one that assets triggered.
        "env": {
            "MLOPS_INTERVAL_START": "{{ dag_run.data_interval_start or '' }}",
            "MLOPS_INTERVAL_END": "{{ dag_run.data_interval_end or '' }}",
        },
        "skip_on_exit_code": 99,
        "retry_policy": UnlessLasting(),
    },
    tags=["card_fraud", "model"],
):
    pull_features = BashOperator(
        task_id="pull_features",
        doc_md=(
            "Join the features to the labelled rows, as they were known when a prediction would "
            "have been made."
        ),
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_card_fraud pull_features',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
    )
    train = BashOperator(
        task_id="train",
        doc_md="Fit the team's model on everything before the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_card_fraud train',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
    )
    evaluate = BashOperator(
        task_id="evaluate",
        doc_md="Hold the candidate, a naive baseline and the champion against the holdout.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_card_fraud evaluate',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
    )
    gate = BashOperator(
        task_id="gate",
        doc_md="Refuse a candidate that does not win by the stated margin.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_card_fraud gate',
        retries=0,
        execution_timeout=timedelta(minutes=10),
    )
    register = BashOperator(
        task_id="register",
        doc_md="Register the candidate and make it champion.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_card_fraud register',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="card_fraud@champion", uri="mlops://payments/models/card_fraud")],
    )

    pull_features >> train >> evaluate >> gate >> register
