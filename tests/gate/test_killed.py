"""Nothing that a practice was told is lost or torn when it is killed, or when the power is cut.

Below tests/store the same is shown of the store alone. Here the whole path is at work: looks,
notes, amendments, ties, consents and new clients, from six threads. `python -m bench crashes` does
the same for longer. Each promise is also shown to be seen broken.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from angerona.store import sqlite_file
from power_cut import NAME, Picture, PowerCuts
from record_workload import ApartRecords, HastyRecords, Records

KILLS, CUTS = 200, 150
START_S_MAX = 2.0
"""Of the processor: a busy machine is slower by the clock, and no less whole."""


def killed(kills, seed, workload="Records", **where):
    """What a campaign of kills found, in a process of its own, which may fork."""
    command = [sys.executable, str(Path(__file__).parents[1] / "killing.py")]
    command += [f"--kills={kills}", f"--seed={seed}", f"--workload=record_workload:{workload}"]
    command += ["--life-s=0.15", "--opened=0.8"]
    command += [f"--{name.replace('_', '-')}={value}" for name, value in where.items()]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_no_kill_loses_or_tears_anything(tmp_path):
    found = killed(KILLS, 1, folder=tmp_path)
    assert not found["problems"]
    assert found["kills"] == KILLS
    assert found["acknowledged"] > KILLS
    assert found["dearest_start_s"] < START_S_MAX


def test_no_kill_of_a_client_of_a_server_does_either(postgres_server):
    found = killed(20, 2, address=postgres_server.ready())
    assert not found["problems"]
    assert found["acknowledged"]


@pytest.mark.parametrize(
    ("workload", "seen"), [("HastyRecords", "lost: "), ("ApartRecords", "torn: ")]
)
def test_a_kill_shows_a_promise_that_is_broken(tmp_path, workload, seen):
    found = killed(30, 3, workload, folder=tmp_path)
    assert any(seen in problem for problem in found["problems"])


def cut(tmp_path, cuts, seed, workload=Records):
    first = Picture({NAME: workload.prepare(None)}, frozenset(), "beginning")
    campaign = PowerCuts(workload, tmp_path, seed, first=first)
    campaign.run(cuts)
    assert campaign.cuts >= cuts
    return campaign


def test_no_power_cut_loses_or_tears_anything(tmp_path):
    campaign = cut(tmp_path, CUTS, 1)
    assert not campaign.problems
    assert campaign.kinds.keys() >= {"write", "sync"}


def test_without_any_sync_a_power_cut_loses_and_damages(tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_file._PRAGMAS, "synchronous", "OFF")  # noqa: SLF001 -- shows red
    problems = cut(tmp_path, 30, 2).problems
    assert any("lost: " in problem for problem in problems)


@pytest.mark.parametrize(("workload", "seen"), [(HastyRecords, "lost: "), (ApartRecords, "torn: ")])
def test_a_power_cut_shows_a_promise_that_is_broken(tmp_path, workload, seen):
    assert any(seen in problem for problem in cut(tmp_path, 25, 4, workload).problems)
