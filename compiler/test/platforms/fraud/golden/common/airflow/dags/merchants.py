# Generated from pipelines/merchants/pipeline.yaml; do not edit.
"""merchants: What is known of merchants and cards, once a day.

Defined in pipelines/merchants/pipeline.yaml.
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
    dag_id="merchants",
    description="What is known of merchants and cards, once a day.",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("15 5 * * *", timezone="Europe/Berlin"),
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
    listed = BashOperator(
        task_id="listed",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step merchants listed',
        retries=3,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=20),
        outlets=[Asset(name="merchants", uri="mlops://payments/tables/merchants")],
    )
    profiles = BashOperator(
        task_id="profiles",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step merchants profiles',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="card_profiles", uri="mlops://payments/tables/card_profiles")],
    )
    risk = BashOperator(
        task_id="risk",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step merchants risk',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="merchant_risk", uri="mlops://payments/tables/merchant_risk")],
    )
    sales = BashOperator(
        task_id="sales",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step merchants sales',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
        outlets=[Asset(name="merchant_sales", uri="mlops://payments/tables/merchant_sales")],
    )
    materialize = BashOperator(
        task_id="materialize",
        doc_md="Bring the newest feature values into the online store.",
        bash_command='exec "$MLOPS_PYTHON" -m mlops_runtime step merchants materialize',
        retries=1,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(minutes=10),
    )

    listed >> [risk, sales]
    [risk, sales] >> materialize
