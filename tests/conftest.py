"""What every test shares: paths, reference material, a hypothesis profile, no silent skips."""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ANGERONA_SHARED") or ROOT.parent / "shared")
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# A slow machine is not a wrong answer. In CI, and where all is required, the same examples come
# every time: what lands is judged by its change, and not by the dice.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "ci", hypothesis.settings.get_profile("house"), derandomize=True, print_blob=True
)
hypothesis.settings.load_profile("ci" if REQUIRE_ALL or os.environ.get("CI") else "house")


@pytest.fixture(scope="session", autouse=True)
def state_of_this_account(tmp_path_factory):
    """What commands remember between runs goes into a folder of the tests."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session", autouse=True)
def what_tests_leave_behind(tmp_path_factory):
    """Lies below pytest's own folder, which it clears: also what a run leaves that is ended."""
    folder = str(tmp_path_factory.mktemp("made"))
    with pytest.MonkeyPatch.context() as here:
        here.setattr(tempfile, "tempdir", folder)
        here.setenv("TMPDIR", folder)
        yield


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def examples():
    return ROOT / "examples"


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip(
            f"the reference material is not at {SHARED}; "
            "set ANGERONA_SHARED to the folder that holds it"
        )
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _refuse_skip((yield))


def _refuse_skip(report):
    """With REQUIRE_ALL=1 a skip is a failure; an expected failure stays what it is."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        place, line, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{place}:{line}: REQUIRE_ALL=1, so nothing may be skipped: {reason}"
    return report
