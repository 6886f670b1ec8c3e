"""The real Airflow's scheduler over compiled DAG files, on a metadata database of its own, in this process.

Its loop is played by hand: what is due is made, tasks run through Airflow's own task runner, and no time
passes in between. Set `AIRFLOW_HOME` to an empty folder before this is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.assets.manager import AssetManager
from airflow.dag_processing.bundles.manager import DagBundlesManager
from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
from airflow.jobs.job import Job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.asset import AssetModel
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG
from airflow.sdk.definitions.dag import _run_task
from airflow.utils.db import initdb
from airflow.utils.session import create_session
from airflow.utils.sqlalchemy import prohibit_commit
from airflow.utils.state import DagRunState
from sqlalchemy import select, update

RunTask = Callable[[Any, Any], None]


class Scheduler:
    """`run_task` gets each task instance with its task; by default Airflow runs it."""

    def __init__(self, dags: Path, run_task: RunTask | None = None) -> None:
        initdb()
        DagBundlesManager().sync_bundles_to_db()
        bag = BundleDagBag(dag_folder=dags, bundle_path=dags, bundle_name="dags-folder")
        if bag.import_errors:
            raise RuntimeError(str(bag.import_errors))
        sync_bag_to_db(bag, "dags-folder", None)
        with create_session() as session:
            session.execute(update(DagModel).values(is_paused=False))
        self.dags: dict[str, DAG] = bag.dags
        self._run_task = run_task or (lambda ti, task: _run_task(ti=ti, task=task))
        self._runner = SchedulerJobRunner(job=Job())

    def update(self, *assets: str) -> None:
        """Events of these assets, as their tasks leave them."""
        with create_session() as session:
            for name in assets:
                asset = session.scalar(select(AssetModel).where(AssetModel.name == name))
                assert asset is not None, name
                AssetManager().register_asset_change(asset=asset.to_serialized(), session=session)

    def settle(self) -> list[DagRun]:
        """Makes and runs what is due until nothing is. The runs, in their order."""
        done: list[DagRun] = []
        while True:
            with create_session() as session, prohibit_commit(session) as guard:
                self._runner._create_dagruns_for_dags(guard, session)
            with create_session() as session:
                queued = select(DagRun).where(DagRun.state == DagRunState.QUEUED).order_by(DagRun.id)
                run = session.scalar(queued)
                if run is None:
                    return done
                self._play(run, session)
                done.append(run)

    def _play(self, run: DagRun, session: Any) -> None:
        run.dag = self._runner.scheduler_dag_bag.get_dag_for_run(run, session=session)
        run.start_date = run.run_after
        run.state = DagRunState.RUNNING
        while run.state == DagRunState.RUNNING:
            due, _ = run.update_state(session=session)
            session.commit()
            for ti in due:
                ti.try_number += 1
                session.commit()
                self._run_task(ti, self.dags[run.dag_id].task_dict[ti.task_id])
                session.expire_all()
