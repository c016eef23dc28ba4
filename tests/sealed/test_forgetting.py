"""Forgetting, in processes of their own: it is decided when a process begins."""

import os
import subprocess
import sys

import pytest

from angerona.sealed.forgetting import forgets, forgetting, start_again_forgetting

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="known on Linux only")

SAY = "from angerona.sealed import forgetting; print(forgetting.forgets())"
AGAIN = f"from angerona.sealed import forgetting; forgetting.start_again_forgetting(); {SAY}"
LEFT = """
import ctypes, sys
def held(size):
    secret = b"quiet word" * (size // 10)
    return id(secret), sys.getsizeof(secret)
for size in (40, 500, 5_000, 60_000):
    place, length = held(size)
    print(b"quiet word" in ctypes.string_at(place, length))
"""


def run(code, environment):
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def plain():
    return {one: value for one, value in os.environ.items() if one != "PYTHONMALLOC"}


@on_linux
def test_a_process_forgets_only_when_it_was_started_so():
    assert run(SAY, plain()) == ["False"]
    assert run(SAY, forgetting(plain())) == ["True"]


@on_linux
def test_what_is_let_go_of_is_overwritten_whatever_its_size():
    assert "True" in run(LEFT, plain())
    assert run(LEFT, forgetting(plain())) == ["False"] * 4


@on_linux
def test_a_program_starts_itself_again_once():
    assert run(AGAIN, plain()) == ["True"]


@on_linux
def test_a_program_whose_library_cannot_goes_on_as_it_is():
    """Told to forget, and not doing so: it must not start itself again for ever."""
    assert run(AGAIN, {**plain(), "PYTHONMALLOC": "malloc"}) == ["False"]


def test_what_others_set_for_the_library_stays():
    given = {"GLIBC_TUNABLES": "glibc.malloc.arena_max=2", "HOME": "here"}
    made = forgetting(given)
    assert made["GLIBC_TUNABLES"].startswith("glibc.malloc.arena_max=2:glibc.malloc.perturb=")
    assert made["HOME"] == "here"
    assert "PYTHONMALLOC" not in given


def test_elsewhere_it_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    start_again_forgetting()
    assert isinstance(forgets(), bool)


@on_linux
def test_it_starts_the_very_same_program(monkeypatch):
    begun = []
    monkeypatch.delenv("PYTHONMALLOC", raising=False)
    monkeypatch.setattr(os, "execve", lambda *given: begun.append(given))
    start_again_forgetting()
    if forgets():
        return
    [(program, arguments, environment)] = begun
    assert arguments == [program, *sys.orig_argv[1:]]
    assert environment == forgetting(os.environ)
