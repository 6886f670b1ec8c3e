# Generated from pipelines/chargebacks/pipeline.yaml; do not edit.
"""chargebacks: The days of merchants, when the payments have come.

Defined in pipelines/chargebacks/pipeline.yaml.
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
    dag_id="chargebacks",
    description="The days of merchants, when the payments have come.",
    doc_md=__doc__,
    schedule=Asset(name="payments", uri="mlops://payments/tables/payments"),
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"),
    catchup=False,
    max_active_runs=1,
    default_args={
        "owner": "merchants",
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
    days = BashOperator(
        task_id="days",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step chargebacks days',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="merchant_days", uri="mlops://payments/tables/merchant_days")],
    )
    bring_online = BashOperator(
        task_id="bring_online",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step chargebacks bring_online',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
    )

    days >> bring_online
