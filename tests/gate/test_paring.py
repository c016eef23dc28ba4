"""What is handed over is pared: to its scope, to the entries chosen, to passages, to days."""

import datetime
import io
from dataclasses import fields, replace

import pytest

from angerona.errors import BadInput, Unknown
from angerona.gate import door as door_module
from angerona.gate.door import Prepared, Shown
from angerona.gate.gathering import Wish
from angerona.gate.paring import GAP, LeftOut
from angerona.notices.structured import Diagnoses, Diagnosis, structured_text
from angerona.notices.structured import in_words as data_in_words
from angerona.practice.who_looked import in_words
from angerona.practice.zones import change_zone
from angerona.rules.answer import Permit
from owed_duties import copy, last, practice
from prepared_practice import AT, text_of

__all__ = ["copy", "practice"]

WANTS = ("risk", "progress_note")
WISH = Wish(wants=WANTS, purpose="legal_proceeding", to="court", instrument="court_order")
ORDER = {
    "kind": "court_order",
    "signed_by": "judge",
    "classes": ["risk"],
    "to": ["court"],
    "from": "2026-01-01",
    "until": "2026-12-31",
    "part2_findings": False,
    "secrecy": False,
    "names_notes": False,
}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def scoped(monkeypatch):
    """The rules release whatever is asked for, in a scope."""
    real = door_module.decide

    def scope_of(scope, **of_class):
        def decide(ask, loaded):
            answer = real(replace(ask, to="workforce", purpose="treatment"), loaded)
            given = {one.name: getattr(answer, one.name) for one in fields(answer)}
            scopes = dict.fromkeys(ask.wants, scope) | of_class
            given |= {"released": frozenset(ask.wants), "scopes": scopes, "duties": ()}
            return Permit(**given)

        monkeypatch.setattr(door_module, "decide", decide)

    return scope_of


def released(practice, client_id, wish=WISH, **more):
    with practice.visit("Tess") as visit:
        return practice.door.release(visit, client_id, wish, recipient="the court", **more)


def previewed(practice, client_id, wish=WISH):
    with practice.visit("Tess") as visit:
        return practice.door.preview(visit, client_id, wish)


def texts(given):
    return {place.wanted: one.text for place, one in given.entries}


def place_of(practice, client_id, wanted):
    return [one for one in practice.vault.places(client_id) if one.wanted == wanted][-1]


def test_what_is_named_goes_whole_and_is_preselected(practice, copy, scoped):
    scoped("named")
    ada = copy.clients["Ada"]
    seen = previewed(practice, ada)
    assert ({one.wanted for one in seen.would_go}, seen.to_choose) == (set(WANTS), ())
    assert texts(released(practice, ada)) == {one: text_of("Ada", one) for one in WANTS}
    assert last(practice, ada).body["stayed"] == {"classes": [], "entries": 0}


def test_the_least_that_serves_is_what_somebody_chose(practice, copy, scoped):
    scoped("minimum")
    ada = copy.clients["Ada"]
    before = practice.vault.ledger.lines_of(ada)
    seen = previewed(practice, ada)
    assert seen.to_choose == seen.would_go
    with pytest.raises(BadInput, match="not chosen"):
        released(practice, ada)
    assert practice.vault.ledger.lines_of(ada) == before, "nothing was announced"
    risk = place_of(practice, ada, "risk")
    given = released(practice, ada, entry_ids=[risk.entry_id])
    assert texts(given) == {"risk": text_of("Ada", "risk")}
    assert last(practice, ada).body["stayed"] == {"classes": ["progress_note"], "entries": 1}


def test_one_class_in_the_least_that_serves_is_enough_to_have_to_choose(practice, copy, scoped):
    scoped("named", risk="minimum")
    seen = previewed(practice, copy.clients["Ada"])
    assert [one.wanted for one in seen.to_choose] == ["risk"]
    with pytest.raises(BadInput, match="not chosen"):
        released(practice, copy.clients["Ada"])


def test_a_look_inside_does_not_have_to_choose(practice, copy):
    shown = practice.look("Tess", copy.clients["Ada"])
    assert isinstance(shown, Shown)
    assert "minimum" in shown.permit.scopes.values()


def test_what_is_ordered_is_what_the_order_names(practice, copy, scoped):
    scoped("ordered")
    ada = copy.clients["Ada"]
    assert set(texts(released(practice, ada))) == set(WANTS), "no document: what the rules say"
    wish = replace(WISH, orders=[ORDER])
    given = released(practice, ada, wish)
    assert set(texts(given)) == {"risk"}
    assert [one.wanted for one in given.withheld] == ["progress_note"]
    assert last(practice, ada).body["classes"] == ["risk"]
    assert last(practice, ada).body["stayed"]["classes"] == ["progress_note"]
    seen = previewed(practice, ada, wish)
    assert [one.wanted for one in seen.would_stay] == ["progress_note"]
    named = place_of(practice, ada, "progress_note").entry_id
    given = released(practice, ada, wish, entry_ids=[named])
    assert given.entries == ()


def test_the_days_that_are_named_are_days_of_the_practice(practice, copy, scoped):
    """Written on the evening of 2 March in Los Angeles, which is the 3rd in UTC."""
    scoped("ordered")
    ada, evening = copy.clients["Ada"], datetime.datetime(2026, 3, 3, 5, tzinfo=datetime.UTC)
    practice.open("Tess", evening)
    kept = practice.keep("Tess", ada, "progress_note", "that evening", at=evening)
    practice.open("Tess")
    practice.open("Olaf")
    wish = replace(WISH, between=(datetime.date(2026, 3, 2), datetime.date(2026, 3, 2)))
    with pytest.raises(BadInput, match="not written on the days named"):
        released(practice, ada, wish, entry_ids=[kept.entry_id])
    with practice.visit("Olaf") as visit:
        change_zone(visit, "America/Los_Angeles")
    assert texts(released(practice, ada, wish, entry_ids=[kept.entry_id])) == {
        "progress_note": "that evening"
    }


def test_of_the_days_that_are_named_only_what_was_written_then(practice, copy, scoped):
    scoped("ordered")
    ada = copy.clients["Ada"]
    later = AT + 3 * DAY
    practice.open("Tess", later)
    practice.keep("Tess", ada, "progress_note", "three days later", at=later)
    first = next(one for one in practice.vault.places(ada) if one.wanted == "progress_note")
    newer = place_of(practice, ada, "progress_note")
    wish = replace(WISH, between=(AT.date(), (AT + DAY).date()))
    practice.open("Tess")
    assert len(previewed(practice, ada, wish).to_choose) == 3
    with pytest.raises(BadInput, match="not chosen"):
        released(practice, ada, wish)
    assert len(released(practice, ada, wish, entry_ids=[first.entry_id]).entries) == 1
    with pytest.raises(BadInput, match="days"):
        released(practice, ada, wish, entry_ids=[first.entry_id, newer.entry_id])
    kinds = [one.kind for one in practice.vault.ledger.lines_of(ada)[-2:]]
    assert kinds == ["disclosure", "failed"]


def test_an_entry_that_was_not_asked_for_or_is_not_there_cannot_be_chosen(practice, copy, scoped):
    scoped("named")
    ada, otto = copy.clients["Ada"], copy.clients["Otto"]
    with pytest.raises(BadInput, match="not asked for"):
        released(practice, ada, entry_ids=[place_of(practice, ada, "billing").entry_id])
    with pytest.raises(Unknown):
        released(practice, ada, entry_ids=[place_of(practice, otto, "risk").entry_id])


NOTE = "Her brother Kim drinks. She sleeps badly. Her boss knows."
KIM = (0, 23)
BOSS = (NOTE.index(" Her boss"), len(NOTE))


@pytest.fixture
def noted(practice, copy, scoped):
    scoped("named")
    file = io.BytesIO(b"a scan")
    ada = copy.clients["Ada"]
    kept = practice.keep("Tess", ada, "progress_note", NOTE, file=file, file_name="a.pdf")
    return ada, kept.entry_id


def without(practice, noted, *spans, version=1):
    ada, entry_id = noted
    left_out = [LeftOut(entry_id, version, spans)]
    return released(practice, ada, entry_ids=[entry_id], left_out=left_out)


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([KIM], f"{GAP} She sleeps badly. Her boss knows."),
        ([BOSS], f"Her brother Kim drinks. She sleeps badly.{GAP}"),
        ([KIM, BOSS], f"{GAP} She sleeps badly.{GAP}"),
        ([(0, 11), (11, 23)], f"{GAP} She sleeps badly. Her boss knows."),
        ([(4, 11), (12, 15)], f"Her {GAP} {GAP} drinks. She sleeps badly. Her boss knows."),
    ],
)
def test_a_passage_that_is_left_out_leaves_a_mark_and_nothing_else(practice, noted, spans, text):
    given = without(practice, noted, *spans)
    assert isinstance(given, Prepared)
    [(place, entry)] = given.entries
    assert entry.text == text
    line = last(practice, noted[0])
    assert line.body["passages"] == {f"{place.entry_id.hex()}:1": len(spans)}
    assert f"Passages left out: {len(spans)}." in in_words([line], datetime.UTC)[0].sentence


def test_passages_of_data_are_those_that_a_person_reads(practice, copy, scoped):
    """Counted in what was shown, and what goes is text: no data with a hole in it."""
    scoped("named")
    ada = copy.clients["Ada"]
    mine = Diagnosis(system="icd10cm", code="F43.22", says="adjustment", standing="working")
    other = Diagnosis(system="none", code="", says="grief, and Kim drinks", standing="working")
    text = structured_text(Diagnoses(diagnoses=(mine, other)))
    entry_id = practice.keep("Tess", ada, "progress_note", text).entry_id
    shown = data_in_words(text)
    first = shown.index("grief")
    left_out = [LeftOut(entry_id, 1, ((first, first + len("grief, and Kim drinks")),))]
    [(_, entry)] = released(practice, ada, entry_ids=[entry_id], left_out=left_out).entries
    assert entry.text == f"Working diagnosis\n- F43.22 (ICD-10-CM) adjustment\n- {GAP}"
    assert data_in_words(entry.text) == entry.text
    past = [LeftOut(entry_id, 1, ((len(shown), len(text)),))]
    with pytest.raises(BadInput, match="after the text"):
        released(practice, ada, entry_ids=[entry_id], left_out=past)


def test_the_file_of_an_entry_with_a_gap_does_not_go(practice, noted):
    ada, entry_id = noted
    whole = released(practice, ada, entry_ids=[entry_id])
    target = io.BytesIO()
    practice.door.fetch(ada, whole, entry_id, target)
    assert target.getvalue() == b"a scan"
    with pytest.raises(Unknown):
        practice.door.fetch(ada, without(practice, noted, KIM), entry_id, io.BytesIO())


@pytest.mark.parametrize(
    "spans",
    [[], [(5, 5)], [(9, 3)], [(-1, 4)], [(3, 9), (8, 12)], [(8, 12), (3, 5)]],
)
def test_spans_that_are_none_are_refused_before_anything_is_announced(practice, noted, spans):
    before = practice.vault.ledger.lines_of(noted[0])
    with pytest.raises(BadInput, match="passages"):
        without(practice, noted, *spans)
    assert practice.vault.ledger.lines_of(noted[0]) == before


def test_a_mark_on_another_version_is_refused(practice, noted):
    ada, entry_id = noted
    practice.keep("Tess", ada, "progress_note", f"{NOTE} Amended.", amends=entry_id)
    with pytest.raises(BadInput, match="another version"):
        without(practice, noted, KIM)
    assert len(without(practice, noted, KIM, version=2).entries) == 1


def test_a_mark_on_an_entry_that_does_not_go_or_twice_is_refused(practice, noted):
    ada, entry_id = noted
    risk = place_of(practice, ada, "risk").entry_id
    once = LeftOut(entry_id, 1, (KIM,))
    for left_out in ([once, once], [LeftOut(risk, 1, ((0, 1),))]):
        with pytest.raises(BadInput, match="no entry that goes"):
            released(practice, ada, entry_ids=[entry_id], left_out=left_out)


@pytest.mark.parametrize(
    ("spans", "said"),
    [([(3, len(NOTE) + 1)], "after the text"), ([(0, len(NOTE))], "leave nothing")],
)
def test_what_shows_only_once_it_is_open_fails_and_is_written(practice, noted, spans, said):
    with pytest.raises(BadInput, match=said):
        without(practice, noted, *spans)
    kinds = [one.kind for one in practice.vault.ledger.lines_of(noted[0])[-2:]]
    assert kinds == ["disclosure", "failed"]
