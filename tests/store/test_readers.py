"""Connections that read: lent, kept, thrown away."""

import threading

import pytest

from angerona.errors import StoreBusy, StoreClosed, StoreFailed
from angerona.store.readers import Readers


class Connection:
    def __init__(self):
        self.closed = False

    def close(self):
        self.closed = True


class Opened:
    """Opens connections and remembers them."""

    def __init__(self):
        self.all = []

    def __call__(self):
        self.all.append(Connection())
        return self.all[-1]


@pytest.fixture
def opened():
    return Opened()


@pytest.fixture
def readers(opened):
    return Readers(opened, most=2, patience_s=0.05)


def test_a_connection_is_lent_again(readers, opened):
    for _ in range(3):
        with readers.lent():
            pass
    assert len(opened.all) == 1


def test_no_connection_is_lent_twice_at_once(readers, opened):
    with readers.lent() as one, readers.lent() as other:
        assert one is not other
    assert len(opened.all) == 2


def test_too_many_at_once_say_so(readers):
    with (
        readers.lent(),
        readers.lent(),
        pytest.raises(StoreBusy, match="end a snapshot"),
        readers.lent(),
    ):
        pass
    with readers.lent():
        pass


def test_whoever_waits_gets_the_one_that_comes_back(opened):
    readers = Readers(opened, most=1, patience_s=10)
    got = threading.Event()

    def wait():
        with readers.lent():
            got.set()

    with readers.lent():
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.wait(0.02)
    waiting.join()
    assert got.is_set()
    assert len(opened.all) == 1


def test_after_an_error_a_connection_is_not_lent_again(readers, opened):
    with pytest.raises(LookupError), readers.lent():
        raise LookupError
    with readers.lent():
        pass
    assert [connection.closed for connection in opened.all] == [True, False]


def test_a_kept_connection_that_died_is_passed_over(readers, opened):
    with readers.lent(), readers.lent():
        pass

    def begin(connection):
        if connection in opened.all[:2]:
            raise StoreFailed("the server was restarted")

    with readers.lent(begin) as connection:
        assert connection is opened.all[2]
    assert [connection.closed for connection in opened.all] == [True, True, False]


@pytest.mark.parametrize("kind", [StoreFailed, StoreBusy])
def test_a_new_connection_that_fails_is_not_tried_again(readers, opened, kind):
    def begin(_connection):
        raise kind("no")

    with pytest.raises(kind), readers.lent(begin):
        pass
    assert [connection.closed for connection in opened.all] == [True]


def test_closing_closes_what_is_free_and_what_comes_back(readers, opened):
    with readers.lent():
        with readers.lent():
            pass
        readers.close()
        assert [connection.closed for connection in opened.all] == [False, True]
    assert [connection.closed for connection in opened.all] == [True, True]
    with pytest.raises(StoreClosed), readers.lent():
        pass
