"""One running site for all tests of a file."""

import functools

import pytest

from running_site import running


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site") / "practice") as found:
        yield found


@pytest.fixture(scope="module")
def visitor_of(site):
    """Somebody signed in, once for all tests of a file: sign-ins are counted."""
    return functools.cache(site.signed_in)
