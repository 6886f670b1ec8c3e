# Generated from models/cancellation/model.yaml; do not edit.
"""score_cancellation: Scores the newest rows of flights with the champion of cancellation.

It scores with the model cancellation and is derived from models/cancellation/model.yaml.
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
    dag_id="score_cancellation",
    description="Scores the newest rows of flights with the champion of cancellation.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("50 5 * * *", timezone="Europe/Berlin"),
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
    tags=["cancellation", "model"],
):
    score = BashOperator(
        task_id="score",
        doc_md="Predict, and publish the predictions as a table.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step score_cancellation score',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="cancellations", uri="mlops://flights/tables/cancellations")],
    )
