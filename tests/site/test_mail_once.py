"""A mail is never lost and never another one, however often the process that sends it is killed."""

import datetime
import email
import os
import random
import signal
from email import policy
from functools import partial

import pytest

from angerona.practice.paging import due_pages, page_sent
from angerona.sealed.pages import DUE, MESSAGE, WAITS, new_page, put
from angerona.site import mail
from angerona.site.mail import MailServer, Pager
from mail_server import mail_process
from prepared_practice import AT, prepared

SAYS = (WAITS, DUE, DUE)
ORIGIN = "https://folder.example"
KILLS = 12


def put_one(vault, address, says, writing):
    put(vault, writing, new_page(address, AT, says))


@pytest.fixture
def copy(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as practice:
        for number, says in enumerate(SAYS):
            job = partial(put_one, practice.vault, f"someone{number}@example.org", says)
            practice.vault.store.write(job).result()
    return copy


@pytest.fixture
def server(tmp_path):
    with mail_process(tmp_path) as found:
        yield found


def dies():
    os.kill(os.getpid(), signal.SIGKILL)


def sent_by_child(copy, address, *, dies_when="", dies_after=0):
    """A round in a process that is killed at a moment: how it ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        done = 0

        def handed(real, moment):
            def run(*given, **more):
                nonlocal done
                if dies_when == f"before {moment}" and done >= dies_after:
                    dies()
                found = real(*given, **more)
                if dies_when == f"after {moment}" and done >= dies_after:
                    dies()
                done += moment == "deleting"
                return found

            return run

        MailServer.send = handed(MailServer.send, "handing over")
        mail.page_sent = handed(page_sent, "deleting")
        with copy.opened() as practice:
            box = MailServer.at(address, "pages@folder.example")
            Pager(practice.vault, lambda: AT, box, ORIGIN).go()
        os._exit(0)
    finally:
        os._exit(1)


def named(taken):
    """Each mail that was taken by its Message-ID, with every time its bytes."""
    found = {}
    for _, text in taken:
        message = email.message_from_string(text, policy=policy.default)
        found.setdefault(message["Message-ID"], []).append(text)
    return found


MOMENTS = ["before handing over", "after handing over", "before deleting", "after deleting"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_each_mail_comes_and_is_the_same(copy, server, moment):
    address, taken = server
    assert os.WIFSIGNALED(sent_by_child(copy, address, dies_when=moment, dies_after=1))
    assert sent_by_child(copy, address) == 0
    found = named(taken())
    assert len(found) == len(SAYS), "none is lost, and none is another one"
    twice = [one for one in found.values() if len(one) > 1]
    handed_over = moment in {"after handing over", "before deleting"}
    assert len(twice) == handed_over, "only what was handed over and not noted comes again"
    assert all(len(set(several)) == 1 for several in found.values()), "to the byte"
    with copy.opened() as practice:
        assert due_pages(practice.vault, AT) == []
    before = taken()
    assert sent_by_child(copy, address) == 0
    assert taken() == before, "what was sent is sent no more"


def test_killed_again_and_again_none_is_lost(copy, server):
    address, taken = server
    dice = random.Random(7)
    for _ in range(KILLS):
        sent_by_child(
            copy, address, dies_when=dice.choice(MOMENTS), dies_after=dice.choice((0, 0, 1))
        )
    assert sent_by_child(copy, address) == 0
    found = named(taken())
    assert len(found) == len(SAYS)
    assert all(len(set(several)) == 1 for several in found.values())


def test_the_server_that_takes_nothing_loses_nothing(copy, server):
    _, taken = server
    assert sent_by_child(copy, "smtp://127.0.0.1:9") == 0
    assert taken() == []
    with copy.opened() as practice:
        assert due_pages(practice.vault, AT) == [], "they are tried later"
        later = due_pages(practice.vault, AT + datetime.timedelta(minutes=10))
        assert {one.row.tries for one in later} == {1}
        assert len(later) == len(SAYS)


def test_no_kind_of_page_says_a_word_that_tells():
    assert {WAITS, DUE, MESSAGE} == mail.TEXTS.keys()
    assert all("{origin}" not in text for says, (_, text) in mail.TEXTS.items() if says == MESSAGE)
