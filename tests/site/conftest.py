"""One running site for all tests of a file."""

import pytest

from running_site import running


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site") / "practice") as found:
        yield found
