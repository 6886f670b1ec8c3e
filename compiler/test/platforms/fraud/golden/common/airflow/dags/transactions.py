# Generated from pipelines/transactions/pipeline.yaml; do not edit.
"""transactions: Payments from the bank's core, every half hour.

Defined in pipelines/transactions/pipeline.yaml.
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
    dag_id="transactions",
    description="Payments from the bank's core, every half hour.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("*/30 * * * *", timezone="Europe/Berlin"),
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
):
    load = BashOperator(
        task_id="load",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step transactions load',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="payments", uri="mlops://payments/tables/payments")],
    )
    activity = BashOperator(
        task_id="activity",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step transactions activity',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="card_activity", uri="mlops://payments/tables/card_activity")],
    )

    load >> activity
