"""Where the rules permit more than the keys open: what opens is shown, what does not is named."""

import dataclasses
import datetime
from dataclasses import replace

import pytest

from angerona.errors import Unopenable
from angerona.gate.door import Prepared, Shown
from angerona.gate.gathering import Wish
from angerona.practice.colleagues import give_post
from angerona.practice.ties import begin_tie
from angerona.practice.who_looked import in_words
from angerona.rules.answer import Permit, Refuse
from prepared_practice import AT, prepared, text_of

SAFE = {"identity", "diagnosis", "medication", "risk"}
APART = {"psychotherapy_note", "substance_use_counseling_note", "legal"}
REASON = {"purpose": "emergency", "facts": {"care.break_glass_reason": True}}


@pytest.fixture
def copy(tmp_path):
    return prepared().copied(tmp_path / "copy")


@pytest.fixture
def practice(copy):
    with copy.opened() as practice:
        yield practice


def last(practice, client_id):
    return practice.vault.ledger.lines_of(client_id)[-1]


@pytest.mark.parametrize(("who", "client"), [("Nina", "Ada"), ("Nina", "Otto"), ("Cora", "Ada")])
def test_who_breaks_the_glass_reads_what_the_keys_open(practice, copy, who, client):
    client_id = copy.clients[client]
    shown = practice.look(who, client_id, reason="he said goodbye", **REASON)
    assert isinstance(shown, Shown), shown.because
    assert shown.permit.released > SAFE, "the rules let more go than the keys open"
    assert {one.text for _, one in shown.entries} == {text_of(client, one) for one in SAFE}
    shut = {one.wanted for one in shown.unopened}
    assert shut == shown.permit.released - SAFE
    line = last(practice, client_id)
    assert (line.kind, set(line.body["classes"])) == ("look", SAFE)
    assert set(line.body["no_key"]) == shut
    assert in_words([line], datetime.UTC)[0].sentence.endswith("for want of a key.")


def test_a_class_without_an_entry_is_not_said_to_be_opened_without_its_key(practice):
    client_id = practice.client("Una Invented", treating="Tess")
    shown = practice.look("Nina", client_id, reason="he said goodbye", **REASON)
    assert (shown.entries, shown.unopened) == ((), ())
    line = last(practice, client_id)
    assert set(line.body["classes"]) == SAFE
    assert "no_key" not in line.body


def test_an_entry_that_is_named_and_whose_key_is_not_held_fails_the_look(practice, copy):
    client_id = copy.clients["Ada"]
    places = {one.wanted: one.entry_id for one in practice.vault.places(client_id)}
    named = [places["risk"], places["progress_note"]]
    with pytest.raises(Unopenable):
        practice.look("Nina", client_id, entry_ids=named, reason="he said goodbye", **REASON)
    kinds = [one.kind for one in practice.vault.ledger.lines_of(client_id)[-2:]]
    assert kinds == ["look", "failed"]
    shown = practice.look("Nina", client_id, entry_ids=[places["risk"]], **REASON)
    assert [one.text for _, one in shown.entries] == [text_of("Ada", "risk")]


def test_keys_that_come_later_are_found_in_a_session_that_is_open(practice, copy):
    """What a session knows of the keys it holds is of one state of the authority."""
    client_id = copy.clients["Ada"]
    assert practice.look("Nina", client_id, reason="he said goodbye", **REASON).unopened
    with practice.visit("Tess") as visit:
        begin_tie(visit, client_id, practice.people["Nina"], "treating", until=None)
    shown = practice.look("Nina", client_id)
    assert not shown.unopened
    assert "progress_note" in {one.wanted for one, _ in shown.entries}


def test_the_keys_of_a_post_that_comes_later_are_found_in_a_session_that_is_open(practice, copy):
    """Giving a post moves no client's authority."""
    client_id = copy.clients["Ada"]
    assert "billing" not in {one.wanted for one, _ in practice.look("Cora", client_id).entries}
    with practice.visit("Thea") as visit:
        give_post(visit, practice.people["Cora"], "biller")
    shown = practice.look("Cora", client_id, purpose="payment")
    assert "billing" in {one.wanted for one, _ in shown.entries}
    assert "billing" not in {one.wanted for one in shown.unopened}


def test_keys_that_are_held_for_a_time_are_not_known_beyond_it(practice, copy):
    client_id = copy.clients["Ada"]
    hour = datetime.timedelta(minutes=5)
    with practice.visit("Tess") as visit:
        begin_tie(visit, client_id, practice.people["Nina"], "treating", until=AT + hour)
    assert not practice.look("Nina", client_id).unopened
    later = practice.look("Nina", client_id, AT + hour, reason="he said goodbye", **REASON)
    assert {one.text for _, one in later.entries} == {text_of("Ada", one) for one in SAFE}


@pytest.fixture
def two_authors(practice, copy):
    """Sue treats Ada too, and each keeps a note apart."""
    client_id = copy.clients["Ada"]
    with practice.visit("Tess") as visit:
        begin_tie(visit, client_id, practice.people["Sue"], "treating", until=None)
    own = practice.keep("Sue", client_id, "psychotherapy_note", "what Sue thinks of it")
    return client_id, own.entry_id


@pytest.fixture
def all_may_go(monkeypatch):
    """The rules release whatever is asked for: here the keys are what is looked at."""
    from angerona.gate import door  # noqa: PLC0415 -- to stand between two steps

    real = door.decide

    def decide(ask, packs):
        answer = real(dataclasses.replace(ask, to="workforce", purpose="treatment"), packs)
        fields = {one.name: getattr(answer, one.name) for one in dataclasses.fields(answer)}
        fields |= {"released": frozenset(ask.wants), "scopes": dict.fromkeys(ask.wants, "named")}
        return Permit(**fields)

    monkeypatch.setattr(door, "decide", decide)


NOTES = Wish(wants=("psychotherapy_note", "risk"), purpose="legal_proceeding", to="court")


@pytest.mark.usefixtures("all_may_go")
def test_a_release_of_what_several_keep_apart_opens_what_is_held(practice, two_authors):
    client_id, hers = two_authors
    with practice.visit("Tess") as visit:
        previewed = practice.door.preview(visit, client_id, NOTES)
        given = practice.door.release(visit, client_id, NOTES, recipient="the court")
    assert isinstance(given, Prepared)
    going = {text_of("Ada", one) for one in ("psychotherapy_note", "risk")}
    assert {one.text for _, one in given.entries} == going
    assert [one.entry_id for one in given.unopened] == [hers]
    assert previewed.would_go == tuple(place for place, _ in given.entries)
    assert previewed.unopened == given.unopened
    line = last(practice, client_id)
    named = [f"{place.entry_id.hex()}:{place.version}" for place, _ in given.entries]
    assert line.body["entries"] == named, "the announcement names exactly what goes"
    assert line.body["classes"] == ["psychotherapy_note", "risk"]
    assert line.body["no_key"] == ["psychotherapy_note"]
    assert "for want of a key" in in_words([line], datetime.UTC)[0].sentence


@pytest.mark.usefixtures("all_may_go")
def test_a_release_of_which_nothing_opens_fails_as_a_whole(practice, two_authors):
    client_id, hers = two_authors
    only_notes = replace(NOTES, wants=("psychotherapy_note",))
    for named, wish in (([hers], NOTES), (None, only_notes)):
        who = "Tess" if named else "Olaf"
        with practice.visit(who) as visit, pytest.raises(Unopenable):
            practice.door.release(visit, client_id, wish, entry_ids=named, recipient="the court")
        kinds = [one.kind for one in practice.vault.ledger.lines_of(client_id)[-2:]]
        assert kinds == ["disclosure", "failed"]


@pytest.mark.usefixtures("all_may_go")
def test_a_release_announces_no_class_of_which_there_is_nothing(practice):
    client_id = practice.client("Una Invented", treating="Tess")
    practice.keep("Tess", client_id, "risk", "a plan for the night")
    with practice.visit("Tess") as visit:
        practice.door.release(
            visit, client_id, replace(NOTES, wants=("risk", "diagnosis")), recipient="the court"
        )
    assert last(practice, client_id).body["classes"] == ["risk"]


def test_the_rules_still_come_first(practice, copy):
    """Whose keys open more than the rules let go is shown no more, and told of nothing more."""
    shown = practice.look("Tess", copy.clients["Ada"])
    assert {one.wanted for one, _ in shown.entries} == shown.permit.released - {"ledger"}
    assert not APART & {one.wanted for one, _ in shown.entries}
    assert shown.unopened == ()
    assert isinstance(practice.look("Nina", copy.clients["Ada"], purpose="marketing"), Refuse)
