# Generated from models/card_fraud/model.yaml; do not edit.
"""score_card_fraud: Scores the newest rows of payments with the champion of card_fraud.

It scores with the model card_fraud and is derived from models/card_fraud/model.yaml.
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
    dag_id="score_card_fraud",
    description="Scores the newest rows of payments with the champion of card_fraud.",
    doc_md=__doc__,
    schedule=(
        Asset(name="card_activity", uri="mlops://payments/tables/card_activity")
        & Asset(name="card_profiles", uri="mlops://payments/tables/card_profiles")
        & Asset(name="merchant_risk", uri="mlops://payments/tables/merchant_risk")
        & Asset(name="payments", uri="mlops://payments/tables/payments")
    ),
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
    score = BashOperator(
        task_id="score",
        doc_md="Predict, and publish the predictions as a table.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step score_card_fraud score',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[
            Asset(
                name="card_fraud_predictions", uri="mlops://payments/tables/card_fraud_predictions"
            ),
        ],
    )
