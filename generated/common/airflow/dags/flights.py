# Generated from pipelines/flights/pipeline.yaml; do not edit.
"""flights: Flights and weather from their files into the feature store, every hour.

Defined in pipelines/flights/pipeline.yaml.
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
    dag_id="flights",
    description="Flights and weather from their files into the feature store, every hour.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("20 * * * *", timezone="America/New_York"),
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
):
    ingest = BashOperator(
        task_id="ingest",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights ingest',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="flights", uri="mlops://flights/tables/flights")],
    )
    airports = BashOperator(
        task_id="airports",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights airports',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="airport_delays", uri="mlops://flights/tables/airport_delays")],
    )
    carriers = BashOperator(
        task_id="carriers",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights carriers',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="carrier_delays", uri="mlops://flights/tables/carrier_delays")],
    )
    planes = BashOperator(
        task_id="planes",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights planes',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="plane_delays", uri="mlops://flights/tables/plane_delays")],
    )
    weather = BashOperator(
        task_id="weather",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights weather',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
        outlets=[Asset(name="airport_weather", uri="mlops://flights/tables/airport_weather")],
    )
    materialize = BashOperator(
        task_id="materialize",
        doc_md="Bring the newest feature values into the online store.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step flights materialize',
        retries=2,
        retry_delay=timedelta(seconds=30),
        execution_timeout=timedelta(minutes=15),
    )

    ingest >> [airports, carriers, planes]
    [airports, carriers, planes, weather] >> materialize
