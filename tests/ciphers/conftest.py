"""Keys, contexts and the published vectors for the tests of ciphers."""

import json

import pytest

KEY = bytes(range(32))


@pytest.fixture
def key():
    return KEY


@pytest.fixture(scope="session")
def published(shared):
    """Reads a file of published vectors."""

    def read(name):
        path = shared / "vectors" / name
        return json.loads(path.read_text("utf-8")) if name.endswith(".json") else path.read_text()

    return read


@pytest.fixture(scope="session")
def wycheproof(published):
    """Each test of a Wycheproof file with the fields of its group."""

    def read(name):
        whole = published(f"wycheproof/{name}_test.json")
        found = [{**group, **test} for group in whole["testGroups"] for test in group["tests"]]
        assert len(found) == whole["numberOfTests"]
        return found

    return read
