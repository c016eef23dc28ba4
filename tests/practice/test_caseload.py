"""Who is within reach: by a tie while it lasts, by a post, or as the client."""

import datetime

import pytest

from angerona.errors import BadInput, StoreFull, Unknown
from angerona.practice.caseload import caseload, client_of, met, short_id, tied_to
from angerona.practice.consents import listed_consents
from angerona.practice.ties import begin_tie, end_tie
from angerona.practice.who_looked import in_words
from small_practice import AT, MINUTE, founded

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    made = founded(tmp_path_factory.mktemp("practice") / "data")
    made.enrol("Sue", roles=("psychologist",))
    made.enrol("Fay", posts=("front_desk",))
    yield made
    made.vault.store.close()


def names(practice, who, at=AT):
    with practice.visit(who, at) as visit:
        return [one.name for one in caseload(visit)]


def tie(practice, client, relation, until=None):
    with practice.visit("Thea") as visit:
        return begin_tie(visit, client, practice.people["Sue"], relation, until=until)


def test_a_tie_counts_until_it_runs_out(practice):
    client = practice.client("Covered")
    tie(practice, client, "covering", until=AT + MINUTE)
    assert "Covered" in names(practice, "Sue")
    later = AT + 2 * MINUTE
    assert "Covered" not in names(practice, "Sue", later)
    with practice.visit("Sue", later) as visit, pytest.raises(Unknown):
        client_of(visit, "Covered")


def test_a_tie_that_was_ended_counts_no_more(practice):
    client = practice.client("Supervised")
    tie_id = tie(practice, client, "supervisor")
    assert "Supervised" in names(practice, "Sue")
    with practice.visit("Thea") as visit:
        end_tie(visit, client, tie_id)
    assert "Supervised" not in names(practice, "Sue")


def test_a_post_reaches_everyone_in_the_order_of_names(practice):
    for name in ("zoe", "Anna", "Bea"):
        practice.client(name)
    found = names(practice, "Fay")
    assert found == sorted(found, key=str.casefold)
    assert {"Anna", "Bea", "zoe"} <= set(found)


def test_a_client_is_found_by_name_and_by_the_beginning_of_the_id(practice):
    client = practice.client("Dana Doe")
    with practice.visit("Thea") as visit:
        for given in ("dana doe", short_id(client), client.hex(), client.hex()[:4].upper()):
            assert client_of(visit, given) == client
        for given in ("Dana", client.hex()[:3], "", "-", "0" * 33):
            with pytest.raises(Unknown):
                client_of(visit, given)


def test_a_name_that_reads_like_an_id_is_a_name(practice):
    client = practice.client("Ada Bee")
    other = practice.client("facade")
    with practice.visit("Thea") as visit:
        assert client_of(visit, "facade") == other
        assert client_of(visit, "Ada Bee") == client


def test_two_of_one_name_are_told_apart_by_id(practice):
    first, second = practice.client("Twin"), practice.client("Twin")
    with practice.visit("Thea") as visit:
        with pytest.raises(BadInput, match="fits more than one"):
            client_of(visit, "twin")
        assert client_of(visit, short_id(first)) == first
        assert client_of(visit, short_id(second)) == second


def test_who_is_out_of_reach_leaves_the_same_line_as_nobody(practice):
    practice.client("Hidden")
    kinds = []
    for given in ("Hidden", "Nobody"):
        with practice.visit("Sue") as visit, pytest.raises(Unknown):
            client_of(visit, given)
        (last,) = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1:]
        kinds.append((last.kind, dict(last.body)))
    assert kinds[0][0] == kinds[1][0] == "refusal"


def test_the_desk_reaches_the_client_and_not_the_consents(practice):
    client = practice.client("Consenting")
    with practice.visit("Fay") as visit:
        assert client_of(visit, "Consenting") == client
        with pytest.raises(Unknown):
            listed_consents(visit, client)
    with practice.visit("Thea") as visit:
        assert listed_consents(visit, client) == []
    assert practice.vault.ledger.lines_of(client)[-1].body["what"] == "consents"


def said(practice, client):
    return [one.sentence for one in in_words(practice.vault.ledger.lines_of(client), datetime.UTC)]


@pytest.mark.parametrize(
    ("see", "says"),
    [(met, "Fay saw whose record this is"), (tied_to, "Fay saw who treats, covers or supervises")],
)
def test_who_comes_by_a_post_leaves_a_line_and_who_is_tied_does_not(practice, see, says):
    client = practice.client("Met")
    tie(practice, client, "supervisor")
    before = said(practice, client)
    for who in ("Thea", "Sue"):
        with practice.visit(who) as visit:
            see(visit, client)
    assert said(practice, client) == before
    for seconds in range(3):
        with practice.visit("Fay", AT + seconds * (MINUTE / 60)) as visit:
            see(visit, client)
    assert said(practice, client) == [*before, f"{says}."]
    practice.vault.repeats.tick(AT + MINUTE)
    assert said(practice, client)[-1] == f"{says}, 2 more times in the same minute."


def test_nothing_is_shown_of_a_client_where_the_line_cannot_be_written(practice, monkeypatch):
    from angerona.ledger.appending import Appender  # noqa: PLC0415 -- only here

    client = practice.client("Unseen")

    def broken(*_args):
        raise StoreFull("no room")

    monkeypatch.setattr(Appender, "write", broken)
    for see in (met, tied_to):
        with practice.visit("Fay") as visit, pytest.raises(StoreFull):
            see(visit, client)
