# Generated from pipelines/fleet/pipeline.yaml; do not edit.
"""fleet: The fleet, as the registry has it.

\"Quoted", {braced}, 'single' and \\ backslashed: a documentation of several lines.

Defined in pipelines/fleet/pipeline.yaml.
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
    dag_id="fleet",
    description=(
        "The fleet, as the registry has it.\n\n\"Quoted\", {braced}, 'single' and \\ backslashed: "
        "a documentation of several lines.\n"
    ),
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("0 9 * * 1-5", timezone="Europe/Berlin"),
    start_date=pendulum.datetime(2026, 2, 3, tz="Europe/Berlin"),
    catchup=True,
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
    schedule = BashOperator(
        task_id="schedule",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step fleet schedule',
        retries=1,
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=2),
        outlets=[Asset(name="aircraft", uri="mlops://flights/tables/aircraft")],
    )
    dag = BashOperator(
        task_id="dag",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step fleet dag',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="fleet", uri="mlops://flights/tables/fleet")],
    )

    schedule >> dag
