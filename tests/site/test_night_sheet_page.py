"""The night sheet from the browser: the words first, then a file that they open, and they alone."""

import io
import re

import pikepdf
import pytest

from angerona.notices.packet_locks import PASSPHRASE_WORDS

WORDS = re.compile(r'name="words" value="([a-z-]+)"')


def words_of(visitor):
    visitor.get("/night-sheet")
    page = visitor.post("/night-sheet")
    assert page.status == 200
    words = WORDS.search(page.text)[1]
    assert page.text.count(words) == 2, "they are to be read too"
    return words


def kinds(site):
    lines = site.practice.vault.ledger.lines_of(site.prepared.clients["Ada"])
    return [(one.kind, one.body.get("what")) for one in lines]


def test_the_words_come_first_and_open_the_file(site):
    tess = site.in_session("Tess")
    assert "destroy the old" in tess.get("/night-sheet").text.lower()
    before = kinds(site)
    words = words_of(tess)
    assert len(words.split("-")) == PASSPHRASE_WORDS
    assert kinds(site) == before, "nothing was read yet"
    answer = tess.post("/night-sheet/file", {"words": words})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert words.encode() not in answer.data
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(answer.data))
    with pikepdf.open(io.BytesIO(answer.data), password=words) as opened:
        assert opened.encryption.bits == 256
    new = kinds(site)[len(before) :]
    assert new.count(("look", "copied")) == 1


def test_each_time_they_are_others(site):
    tess = site.in_session("Tess")
    assert words_of(tess) != words_of(tess)


@pytest.mark.parametrize("words", ["", "linden", "-".join(["linden"] * 8), "1-2-3-4-5-6-7"])
def test_words_that_were_not_made_here_lock_nothing(site, words):
    before = kinds(site)
    answer = site.in_session("Tess").post("/night-sheet/file", {"words": words})
    assert answer.status == 422
    assert kinds(site) == before, "and nothing was read"
    assert "as they were shown" in answer.text


def test_it_asks_again_who_it_is_and_the_words_come_along(site):
    tess = site.in_session("Tess")
    words = words_of(tess)
    site.clock.goes_on(minutes=10)
    answer = tess.post("/night-sheet/file", {"words": words})
    assert (answer.status, "Is it you?" in answer.text) == (403, True)
    assert WORDS.search(answer.text)[1] == words
