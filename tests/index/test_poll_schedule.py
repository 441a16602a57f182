from __future__ import annotations

from pathlib import Path

from tests.support.log_file import LogFile

from cupola.index.local import LocalProvider
from cupola.index.poll_schedule import HOT_S, PollSchedule
from cupola.index.watcher import Notified
from cupola.plugins import plugins


def test_few_are_all_looked_at():
    schedule: PollSchedule[int] = PollSchedule(10)
    for item in range(10):
        schedule.add(item)
    assert sorted(schedule.due(0.0)) == sorted(schedule.due(0.1)) == list(range(10))


def test_many_take_turns_and_the_hot_ones_do_not_wait():
    schedule: PollSchedule[int] = PollSchedule(10)
    for item in range(95):
        schedule.add(item)
    schedule.heat(50, 0.0)
    seen = [schedule.due(tick / 10) for tick in range(10)]
    assert all(len(due) in (10, 11) and len(set(due)) == len(due) and 50 in due for due in seen)
    assert set().union(*seen) == set(range(95))
    schedule.remove(50)
    schedule.remove(3)
    later = set().union(*(schedule.due(1 + tick / 10) for tick in range(20)))
    assert later == set(range(95)) - {3, 50}
    assert set(schedule.due(2.0, everything=True)) == later


def test_who_is_quiet_again_takes_schedule_again():
    schedule: PollSchedule[int] = PollSchedule(2)
    for item in range(9):
        schedule.add(item)
    schedule.heat(8, 0.0)
    schedule.heat(99, 0.0)  # it is not there
    assert 8 in schedule.due(HOT_S) and len(schedule.due(HOT_S)) <= 3
    assert any(8 not in schedule.due(HOT_S + 1 + tick) for tick in range(3))


def test_a_quiet_file_among_a_thousand_is_seen_in_its_turn(tmp_path: Path):
    files = [LogFile(tmp_path / f"r{number}").points("x", [0]) for number in range(700)]
    provider = LocalProvider(tmp_path, plugins().values())
    provider.load()
    cursor = provider.changes(0).cursor
    files[350].points("x", [1])
    looks = 0
    while not provider.changes(cursor).series:
        provider._follower._poll(Notified(), turn=True, walk=None)
        provider._follower._pool.drain()
        looks += 1
        assert looks <= 3
    files[350].points("x", [2])
    cursor = provider.changes(0).cursor
    provider._follower._poll(Notified(), turn=True, walk=None)
    provider._follower._pool.drain()
    assert provider.changes(cursor).series


def test_a_long_interval_leaves_nobody_waiting(tmp_path: Path):
    for number in range(400):
        LogFile(tmp_path / f"r{number}")
    provider = LocalProvider(tmp_path, plugins().values(), poll_s=30.0)
    provider.load()
    assert len(provider._follower._files.due(0.0)) == 400
