"""What tests of what practices do share: both databases, and passwords that cost little."""

import pytest

from databases import postgres_server
from prepared_practice import quick_passwords

__all__ = ["postgres_server"]


@pytest.fixture(scope="module")
def quickly():
    """Where practices are founded for each test, and none is about guessing passwords."""
    with quick_passwords():
        yield
