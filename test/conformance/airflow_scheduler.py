"""The real Airflow's scheduler over compiled DAG files, on a metadata database of its own, in this process.

Its loop is played by hand: what is due is made, tasks run through Airflow's own task runner, and no time
passes in between. Set `AIRFLOW_HOME` to an empty folder before this is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
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
from airflow.models.taskinstance import TaskInstance, clear_task_instances
from airflow.sdk import DAG
from airflow.utils.db import initdb
from airflow.utils.session import create_session
from airflow.utils.sqlalchemy import prohibit_commit
from airflow.utils.state import DagRunState, TaskInstanceState
from sqlalchemy import select, update

RunTask = Callable[[Any, Any], None]


class Scheduler:
    """Switches on the DAGs whose names begin so. `run_task` gets each task instance with its task."""

    def __init__(self, dags: Path, run_task: RunTask, prefix: str = "") -> None:
        initdb()
        DagBundlesManager().sync_bundles_to_db()
        bag = BundleDagBag(dag_folder=dags, bundle_path=dags, bundle_name="dags-folder")
        if bag.import_errors:
            raise RuntimeError(str(bag.import_errors))
        self._bag = bag
        self._parse()
        with create_session() as session:
            switched_on = DagModel.dag_id.startswith(prefix, autoescape=True)
            session.execute(update(DagModel).where(switched_on).values(is_paused=False))
        self.dags: dict[str, DAG] = bag.dags
        self._run_task = run_task
        self._runner = SchedulerJobRunner(job=Job())

    def update(self, *assets: str) -> None:
        """Events of these assets, as their tasks leave them."""
        with create_session() as session:
            for name in assets:
                asset = session.scalar(select(AssetModel).where(AssetModel.name == name))
                assert asset is not None, name
                AssetManager().register_asset_change(asset=asset.to_serialized(), session=session)

    def settle(self, limits: Mapping[str, int] | None = None) -> list[DagRun]:
        """Makes and runs what is due until nothing is; of a DAG in `limits`, so many runs. In their order."""
        done: list[DagRun] = []
        while self._turn(done) or (self._parse() or self._turn(done)):
            with create_session() as session:
                for dag_id, limit in (limits or {}).items():
                    if sum(run.dag_id == dag_id for run in done) >= limit:
                        self._pause(dag_id, True, session)
        return done

    def again(self, runs: Iterable[DagRun]) -> list[DagRun]:
        """Does these runs once more, and makes no others: their tasks are cleared, as people do it."""
        with create_session() as session:
            for run in runs:
                self._pause(run.dag_id, False, session)
                own = select(TaskInstance).filter_by(dag_id=run.dag_id, run_id=run.run_id)
                clear_task_instances(list(session.scalars(own)), session)
        done: list[DagRun] = []
        while self._turn(done, makes=False):
            pass
        return done

    def _turn(self, done: list[DagRun], makes: bool = True) -> bool:
        """One look of the scheduler; what it schedules is run at once. Whether there was anything."""
        with create_session() as session, prohibit_commit(session) as guard:
            if makes:
                self._runner._create_dagruns_for_dags(guard, session)
                _make_due(session)
            self._runner._start_queued_dagruns(session)
            guard.commit()
        with create_session() as session:
            runs = session.scalars(select(DagRun).where(DagRun.state == DagRunState.RUNNING)).all()
            for run in sorted(runs, key=lambda each: each.id):
                while run.state == DagRunState.RUNNING:
                    self._runner._schedule_dag_run(run, session)
                    session.commit()
                    for ti in run.get_task_instances(TaskInstanceState.SCHEDULED, session=session):
                        self._run_task(ti, self.dags[run.dag_id].task_dict[ti.task_id])
                    session.expire_all()
                done.append(run)
        return len(runs) > 0

    def _parse(self) -> None:
        """Airflow leaves a DAG alone whose one run has just ended, until it has read its file again."""
        sync_bag_to_db(self._bag, "dags-folder", None)

    def _pause(self, dag_id: str, is_paused: bool, session: Any) -> None:
        session.execute(update(DagModel).where(DagModel.dag_id == dag_id).values(is_paused=is_paused))


def _make_due(session: Any) -> None:
    """SQLite's present has whole seconds: what is due since a part of one would begin only in the next."""
    for run in session.scalars(select(DagRun).where(DagRun.state == DagRunState.QUEUED)):
        run.run_after -= timedelta(seconds=1)
    session.flush()
