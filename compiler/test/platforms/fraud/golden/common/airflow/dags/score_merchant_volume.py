# Generated from models/merchant_volume/model.yaml; do not edit.
"""score_merchant_volume: Scores the newest rows of merchant_days with the champion of
merchant_volume.

It scores with the model merchant_volume and is derived from models/merchant_volume/model.yaml.
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
    dag_id="score_merchant_volume",
    description="Scores the newest rows of merchant_days with the champion of merchant_volume.",
    doc_md=__doc__,
    schedule=(
        Asset(name="merchant_days", uri="mlops://payments/tables/merchant_days")
        & Asset(name="merchant_risk", uri="mlops://payments/tables/merchant_risk")
        & Asset(name="merchant_sales", uri="mlops://payments/tables/merchant_sales")
    ),
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
    tags=["merchant_volume", "model"],
):
    score = BashOperator(
        task_id="score",
        doc_md="Predict, and publish the predictions as a table.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step score_merchant_volume score',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="expected_volume", uri="mlops://payments/tables/expected_volume")],
    )
