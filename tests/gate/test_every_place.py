"""Under the law of each place: who treats a client opens the record in one click, where it may be.

What still asks first is listed here, with the questions, so that nothing starts to ask or stops
asking unseen. Where a pack states its rule from memory, it stays shut;
what is on file about a client is not asked again.
"""

import contextlib

import pytest

from angerona.errors import AngeronaError
from angerona.gate.results import Kept, Shown
from angerona.packs import load
from angerona.practice.clients import establish
from angerona.practice.ties import begin_tie
from angerona.rules.answer import AskFirst
from prepared_practice import quick_passwords
from small_practice import founded

PACKS = load()
ON_FILE = {
    "ca-on": {"client.restriction": False},
    "nl": {"client.objects": False},
    "us-part2": {"record.part2": False},
}
"""Places where a plain look asks first what only a person can know, and the answer on file."""
FROM_MEMORY = {"ca-ab", "ca-bc", "ca-qc"}
"""Places whose rule for looks nobody has read in its source: nothing opens there."""


def stack(place):
    """The packs of a place, the house first, what it extends before it."""
    found = ["house"]

    def add(name):
        for base in PACKS.packs[name].extends:
            add(base)
        found.append(name)

    add(place)
    return tuple(dict.fromkeys(found))


def put_on_file(practice, client, facts):
    """Put facts on file, or take them off (`None`)."""
    with practice.visit("Sue") as visit:
        establish(visit, PACKS, client, facts)


@pytest.fixture(scope="module", params=sorted(set(PACKS.packs) - {"house"} - FROM_MEMORY))
def there(request, tmp_path_factory):
    """A practice in a place, and a client of Sue's, who holds no post, with a note."""
    made, client = begun(tmp_path_factory.mktemp(request.param), request.param)
    facts = ON_FILE.get(request.param, {})
    put_on_file(made, client, facts)
    assert isinstance(made.keep("Sue", client, "progress_note", "spoke of the garden"), Kept)
    put_on_file(made, client, dict.fromkeys(facts))
    yield request.param, made, client
    made.vault.store.close()


def begun(folder, place):
    """A practice in a place, and a client of Sue's, who treats and holds no post."""
    with quick_passwords():
        made = founded(folder, packs=stack(place))
        made.enrol("Sue", roles=("psychologist",))
    return made, made.client("Ada Invented", treating="Sue")


def test_who_treats_opens_the_record_in_one_click(there):
    place, practice, client = there
    shown = practice.look("Sue", client)
    if place in ON_FILE:
        assert isinstance(shown, AskFirst)
        assert set(shown.questions) == set(ON_FILE[place])
    else:
        assert [entry.text for _, entry in shown.entries] == ["spoke of the garden"]


@pytest.mark.parametrize("wanted", ["psychotherapy_note", "substance_use_counseling_note", "legal"])
def test_what_is_kept_apart_is_written_and_read_by_its_author_and_by_nobody_else(there, wanted):
    place, practice, client = there
    put_on_file(practice, client, ON_FILE.get(place, {}))
    kept = practice.keep("Sue", client, wanted, "my own thoughts")
    assert isinstance(kept, Kept), kept
    shown = practice.look("Sue", client, entry_ids=[kept.entry_id])
    assert [entry.text for _, entry in shown.entries] == ["my own thoughts"]
    facts = {"care.minimum_ok": True}
    with contextlib.suppress(AngeronaError):
        other = practice.look("Thea", client, entry_ids=[kept.entry_id], facts=facts)
        assert not isinstance(other, Shown)
    put_on_file(practice, client, dict.fromkeys(ON_FILE.get(place, {})))


@pytest.mark.parametrize("place", sorted(FROM_MEMORY))
def test_a_rule_from_memory_opens_nothing(place, tmp_path):
    practice, client = begun(tmp_path / "data", place)
    put_on_file(practice, client, {f"{place.replace('-', '_')}.counsel_confirmed": True})
    assert isinstance(practice.keep("Sue", client, "progress_note", "spoke"), AskFirst)
    shown = practice.look("Sue", client, facts={"care.minimum_ok": True})
    assert isinstance(shown, AskFirst)
    assert f"signed:{place}/{place}.team" in shown.questions
    practice.vault.store.close()


def test_whoever_says_that_it_is_wider_than_needed_is_believed(there):
    _, practice, client = there
    plain = practice.look("Sue", client)
    wider = practice.look("Sue", client, facts={"care.minimum_ok": False})
    assert not isinstance(wider, Shown) or "us-hipaa" in stack(there[0])
    assert isinstance(plain, Shown | AskFirst)


def test_who_looks_for_another_purpose_is_still_asked(there):
    place, practice, client = there
    if "us-hipaa" in stack(place):
        return
    answer = practice.look("Sue", client, purpose="operations")
    assert not isinstance(answer, Shown)


def test_who_covers_is_still_asked(there):
    place, practice, client = there
    with practice.visit("Sue") as visit:
        begin_tie(visit, client, practice.people["Thea"], "covering", until=None)
    answer = practice.look("Thea", client)
    assert not isinstance(answer, Shown) or "us-hipaa" in stack(place)


def test_what_is_on_file_is_not_asked_again(there):
    place, practice, client = there
    if place not in ON_FILE:
        return
    put_on_file(practice, client, ON_FILE[place])
    shown = practice.look("Sue", client)
    assert [entry.text for _, entry in shown.entries] == ["spoke of the garden"]
