# Generated from pipelines/retraining/pipeline.yaml; do not edit.
"""train_cancellation: Trains the model of cancellations once a week.

Defined in pipelines/retraining/pipeline.yaml.
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
    dag_id="train_cancellation",
    description="Trains the model of cancellations once a week.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("55 4 * * mon", timezone="Europe/Berlin"),
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
        "retry_policy": UnlessLasting(),
    },
):
    pull = BashOperator(
        task_id="pull",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation pull',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )
    fit = BashOperator(
        task_id="fit",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation fit',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(hours=2),
    )
    judge = BashOperator(
        task_id="judge",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation judge',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )
    gate = BashOperator(
        task_id="gate",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation gate',
        retries=0,
        execution_timeout=timedelta(minutes=15),
    )
    publish = BashOperator(
        task_id="publish",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step train_cancellation publish',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="cancellation@champion", uri="mlops://flights/models/cancellation")],
    )

    pull >> fit >> judge >> gate >> publish
