"""Asks the real Airflow: whether it takes each cron expression, and which intervals its runs have.

`questions` has `crons`, each with the name of its windows, and `windows`: by name, by zone, pairs of minutes since 1970.
`answers` has per cron null where Airflow refuses it, else one digest per zone of all intervals in the windows.
"""

import datetime
import functools
import hashlib

import pendulum
from airflow.timetables import _cron
from airflow.timetables.base import DataInterval, TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable

croniter = _cron.croniter
parsed = functools.lru_cache(maxsize=64)(croniter)


class Remembering:
    """croniter itself, asked once for what ten zones ask: it is given local times without a zone."""

    def __init__(self, expression, start_time=None):
        self.expression, self.start = expression, start_time
        self.expanded = parsed(expression).expanded

    def get_next(self, kind):
        return step(self.expression, self.start, True)

    def get_prev(self, kind):
        return step(self.expression, self.start, False)


@functools.lru_cache(maxsize=400_000)
def step(expression, start, forward):
    cron = parsed(expression)
    return (cron.get_next if forward else cron.get_prev)(datetime.datetime, start_time=start)


_cron.croniter = Remembering


def minutes(moment):
    return int(moment.timestamp()) // 60


def runs(expression, zone, first, end):
    timetable = CronDataIntervalTimetable(expression, zone)
    restriction = TimeRestriction(earliest=pendulum.instance(first), latest=None, catchup=True)
    last = None
    while True:
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        last = DataInterval(info.data_interval.start, info.data_interval.end)
        if last.start >= end:
            return
        yield minutes(last.start), minutes(last.end)


def refused(expression):
    try:
        timetable = CronDataIntervalTimetable(expression, "UTC")
        timetable.validate()
        timetable._get_next(pendulum.datetime(2026, 1, 1))
        return False
    except Exception:
        return True


def moment(minute):
    return datetime.datetime.fromtimestamp(minute * 60, datetime.UTC)


def digest(expression, zone, windows):
    text = hashlib.sha256()
    for first, end in windows:
        try:
            for interval in runs(expression, zone, moment(first), moment(end)):
                text.update(b"%d %d\n" % interval)
        except ValueError:  # its scheduler would make no further run
            text.update(b"stops\n")
    return text.hexdigest()[:8]


def answer(expression, windows):
    _cron.croniter = croniter
    if refused(expression):
        return None
    _cron.croniter = Remembering
    return [digest(expression, zone, each) for zone, each in windows.items()]


answers = [answer(cron, questions["windows"][name]) for cron, name in questions["crons"]]
