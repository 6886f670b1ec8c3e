# Generated from models/departure_delay/model.yaml; do not edit.
"""score_departure_delay: Scores the newest rows of flights with the champion of departure_delay.

It scores with the model departure_delay and is derived from models/departure_delay/model.yaml.
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
    dag_id="score_departure_delay",
    description="Scores the newest rows of flights with the champion of departure_delay.",
    doc_md=__doc__,
    schedule=(
        Asset(name="airport_delays", uri="mlops://flights/tables/airport_delays")
        & Asset(name="airport_weather", uri="mlops://flights/tables/airport_weather")
        & Asset(name="carrier_delays", uri="mlops://flights/tables/carrier_delays")
        & Asset(name="flights", uri="mlops://flights/tables/flights")
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
    score = BashOperator(
        task_id="score",
        doc_md="Predict, and publish the predictions as a table.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step score_departure_delay score',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[
            Asset(
                name="departure_delay_predictions",
                uri="mlops://flights/tables/departure_delay_predictions",
            ),
        ],
    )
