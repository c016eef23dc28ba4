"""Authority is two things at once: the rules say yes, and the keys are held.

First the rules are switched off: every question is answered with a Permit for everything, and
everybody is taken for a treating author. Then whatever still opens, opens by keys alone, and that
must be exactly what VAULT.md gives each tie and post. Then the other way round: the keys are held,
the rules refuse, and nothing opens.
"""

import ast
import contextlib
import dataclasses
import inspect
import io
from pathlib import Path

import pytest

from angerona.errors import BadInput, NotPermitted, Sealed, StoreFull, Unopenable
from angerona.gate import door as door_module
from angerona.gate import emergency, gathering, reading_first
from angerona.gate.door import Door, Kept, Prepared, Previewed, Shown
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.paring import Choice
from angerona.gate.reading_first import ToRead, read_proposal
from angerona.gate.second_reading import READ, own_duty
from angerona.gate.unsealing import entry_keys
from angerona.rules.answer import AskFirst, Permit, Refuse
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.sealed import opening
from angerona.sealed.opening import SealedEntry, open_attachment, open_sealed
from angerona.words import CLASSES
from prepared_practice import AT, packs, prepared, text_of

PROCESS = {"psychotherapy_note", "substance_use_counseling_note", "legal"}
ON_CALL = {"identity", "diagnosis", "medication", "risk"}
WRITTEN = {one for one in CLASSES if one != "ledger"}
BILLS = {"attendance", "identity", "billing", "diagnosis"}

KEYS = {
    "Tess": {"Ada": WRITTEN},
    "Theo": {"Otto": WRITTEN},
    "Sue": {"Ada": WRITTEN - PROCESS},
    "Cora": {"Ada": ON_CALL},
    "Nina": {"Ada": ON_CALL, "Otto": ON_CALL},
    "Fay": {"Ada": {"attendance", "identity"}, "Otto": {"attendance", "identity"}},
    "Bill": {"Ada": BILLS, "Otto": BILLS},
    "Olaf": {},
    "Stan": {},
    "Thea": {"Ada": ON_CALL | BILLS, "Otto": ON_CALL | BILLS},
}
"""What each person's keys open of each client (VAULT.md sections 0 no. 1 and 3), by class."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return prepared().copied(tmp_path_factory.mktemp("without") / "rules")


@pytest.fixture(scope="module")
def practice(copy):
    with copy.opened() as practice:
        yield practice


def permitted():
    """A real Permit from the real rules, and nothing more than a stroke of the pen away."""
    raw = {
        "packs": ["house"],
        "at": AT.isoformat(),
        "by": {"role": "psychologist", "relation": "treating"},
        "to": "workforce",
        "purpose": "treatment",
        "instrument": "none",
        "wants": ["identity"],
    }
    answer = decide(read_ask(raw, packs().facts, packs().packs), packs())
    assert isinstance(answer, Permit)
    return dataclasses.replace(answer, released=frozenset(CLASSES))


@pytest.fixture
def no_rules(monkeypatch):
    for module in (door_module, reading_first):
        monkeypatch.setattr(module, "decide", lambda _ask, _packs: permitted())
    monkeypatch.setattr(reading_first, "is_owed", lambda _vault, _duty: True)
    monkeypatch.setattr(gathering, "_relations", lambda *_: ("treating", "author"))


class NothingGiven(Exception):
    """The door gave an answer instead of what was asked for."""


def given(answer, kind):
    if not isinstance(answer, kind):
        raise NothingGiven
    return answer


def _shown(entries):
    return [entry.text for _, entry in entries]


def look(door, visit, client_id, place):
    shown = door.look(visit, client_id, purpose="treatment", entry_ids=[place.entry_id])
    return _shown(given(shown, Shown).entries)


def release(door, visit, client_id, place):
    wish = Wish(wants=(place.wanted,), purpose="treatment", to="police")
    prepared_one = door.release(
        visit, client_id, wish, entry_ids=[place.entry_id], recipient="whoever asks"
    )
    return _shown(given(prepared_one, Prepared).entries)


def fetch(door, visit, client_id, place):
    """A file is opened under the papers of a look, with the key that the entry gives."""
    shown = door.look(visit, client_id, purpose="treatment", entry_ids=[place.entry_id])
    target = io.BytesIO()
    door.fetch(client_id, given(shown, Shown), place.entry_id, target)
    return [target.getvalue().decode().removeprefix("The file: ")]


def list_(door, visit, client_id, _place):
    given(door.list(visit, client_id, purpose="treatment"), tuple)
    return []


def preview(door, visit, client_id, place):
    wish = Wish(wants=(place.wanted,), purpose="treatment", to="police")
    given(door.preview(visit, client_id, wish), Previewed)
    return []


def proposed(door, visit, client_id, place):
    """What is put to a second reader are places; without rules nothing waits for one."""
    wish = Wish(wants=(place.wanted,), purpose="treatment", to="police")
    choice = Choice(frozenset({place.entry_id}))
    with contextlib.suppress(BadInput):
        door.proposed(visit, client_id, wish, choice, recipient="whoever asks")
    return []


def keep(door, visit, client_id, place):
    """Who holds no key of a class cannot write it either; what is kept comes back by no door."""
    draft = Draft(wanted=place.wanted, heading="", text="written without rules")
    given(door.keep(visit, client_id, draft), Kept)
    return []


def read_second(door, visit, client_id, place):
    """What a second reader opens before it leaves; that it is owed is not at issue here."""
    me = visit.unlocked.person_id
    terms = {"entries": [[place.entry_id.hex(), place.version, place.wanted]], "gaps": []}
    says = {"id": READ, "what": "read", "reader": me.hex(), "terms": terms}
    duty = own_duty(client_id, me, visit.at, says, due=None, held_until=None)
    found = read_proposal(door, visit, duty, purpose="treatment", facts={})
    if given(found, ToRead).shut:
        raise Unopenable("an entry")
    return [one.entry.text for one in found.entries]


READING = {"look": look, "release": release, "fetch": fetch}
"""Entry points that give words of a record: to be tried by everybody on everything."""
OPENING = {**READING, "read_second": read_second}
"""These, and what a second reader opens beside the door."""
SHOWING_NO_WORDS = {"list": list_, "preview": preview, "proposed": proposed}
"""Entry points that give places, and no word."""
LINES = {"who_looked", "receipt"}
"""Entry points that give ledger lines, which hold no word of a record."""
FOLLOWING = {"handed_over", "failed"}
"""Entry points that write a second line, and give back that it is durable."""
WRITING = {"keep": keep}
LEAVING = {"deposit"}
"""Entry points that take something in without giving anything back (test_deposits.py)."""


def test_every_way_into_the_gate_is_tried_here():
    """A new method of the door belongs into one of the lists above."""
    ways = {
        name
        for name, value in vars(Door).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    assert ways == {*READING, *SHOWING_NO_WORDS, *LINES, *FOLLOWING, *WRITING, *LEAVING}


def everything(practice, copy):
    """Every person with every entry of every client."""
    for person in KEYS:
        for client, client_id in copy.clients.items():
            for place in practice.vault.places(client_id):
                if place.place < len(WRITTEN):
                    yield person, client, client_id, place


@pytest.mark.parametrize("way", OPENING)
@pytest.mark.usefixtures("no_rules")
def test_without_rules_the_keys_alone_decide_what_is_read(practice, copy, way):
    read, shut = set(), 0
    for person, client, client_id, place in everything(practice, copy):
        with practice.visit(person) as visit:
            try:
                texts = OPENING[way](practice.door, visit, client_id, place)
            except Sealed:
                shut += 1
                continue
        assert texts == [text_of(client, place.wanted)]
        read.add((person, client, place.wanted))
    expected = {
        (person, client, wanted)
        for person, of_client in KEYS.items()
        for client, classes in of_client.items()
        for wanted in classes
    }
    assert read == expected
    assert shut == len(KEYS) * len(copy.clients) * len(WRITTEN) - len(expected)


@pytest.mark.parametrize("way", SHOWING_NO_WORDS)
@pytest.mark.usefixtures("no_rules")
def test_without_rules_what_shows_no_words_still_shows_none(practice, copy, way):
    for person, _, client_id, place in everything(practice, copy):
        if place.place == 0:
            with practice.visit(person) as visit:
                assert SHOWING_NO_WORDS[way](practice.door, visit, client_id, place) == []


@pytest.mark.usefixtures("no_rules")
def test_without_rules_one_writes_only_what_one_holds_a_key_of(copy, tmp_path):
    with copy.copied(tmp_path / "own").opened() as practice:
        for person, client, client_id, place in everything(practice, copy):
            holds = place.wanted in KEYS[person].get(client, set())
            with practice.visit(person) as visit:
                try:
                    WRITING["keep"](practice.door, visit, client_id, place)
                except Sealed:
                    assert not holds, (person, client, place.wanted)
                else:
                    assert holds, (person, client, place.wanted)


@pytest.mark.parametrize("kind", [Refuse, AskFirst])
@pytest.mark.parametrize("way", OPENING)
def test_with_the_keys_and_without_a_permit_nothing_opens(practice, copy, monkeypatch, way, kind):
    """The same answer with everything in it, under another name."""
    same = {
        field.name: getattr(permitted(), field.name)
        for field in dataclasses.fields(permitted())
        if field.name not in {"released", "scopes"}
    }
    opened = []
    for module in (door_module, reading_first):
        monkeypatch.setattr(module, "decide", lambda _ask, _packs: kind(**same))
    monkeypatch.setattr(reading_first, "is_owed", lambda _vault, _duty: True)
    monkeypatch.setattr(opening, "opened_entry", lambda *_: opened.append(1))
    for person, of_client in KEYS.items():
        for client in of_client:
            client_id = copy.clients[client]
            [place, *_] = practice.vault.places(client_id)
            with practice.visit(person) as visit, pytest.raises(NothingGiven):
                OPENING[way](practice.door, visit, client_id, place)
    assert not opened


@pytest.fixture
def papers(practice, copy):
    """What it takes to open Ada's session note: the row, the Permit, the line and the key."""
    client_id = copy.clients["Ada"]
    vault = practice.vault
    place = next(one for one in vault.places(client_id) if one.wanted == "progress_note")
    [row] = vault.store.rows(
        "entries.by_key", practice_id=copy.practice_id, client_id=client_id, place=place.place
    )
    shown = practice.look("Tess", client_id, entry_ids=[place.entry_id])
    [(_, entry)] = shown.entries
    with practice.visit("Tess") as visit:
        yield {
            "vault": vault,
            "client_id": client_id,
            "sealed": SealedEntry(client_id, place, bytes(32), row[-1]),
            "attachment": entry.attachment,
            "permit": shown.permit,
            "written": shown.written,
            "key": entry_keys(visit, vault.authority(client_id)),
        }


def entry_opened(papers):
    given = {one: papers[one] for one in ("permit", "written", "key")}
    return open_sealed(papers["sealed"], **given).text


def file_opened(papers):
    target = io.BytesIO()
    vault = papers["vault"]
    open_attachment(
        papers["attachment"],
        papers["sealed"].place.wanted,
        target,
        store=vault.store,
        whose=vault.authority(papers["client_id"]).whose(vault.practice_id),
        permit=papers["permit"],
        written=papers["written"],
    )
    return target.getvalue().decode().removeprefix("The file: ")


both = pytest.mark.parametrize("opened", [entry_opened, file_opened])


@both
def test_with_both_papers_and_the_key_it_opens(papers, opened):
    assert opened(papers) == text_of("Ada", "progress_note")


@both
@pytest.mark.parametrize("paper", ["permit", "written"])
@pytest.mark.parametrize("instead", [None, True, "yes", object()])
def test_a_missing_paper_opens_nothing_and_asks_for_no_key(papers, opened, paper, instead):
    asked = []
    with pytest.raises(NotPermitted):
        opened(papers | {paper: instead, "key": asked.append})
    assert not asked


@both
def test_the_line_of_another_client_opens_nothing(practice, copy, papers, opened):
    other = practice.look("Theo", copy.clients["Otto"])
    with pytest.raises(NotPermitted):
        opened(papers | {"written": other.written})


@both
def test_a_permit_for_another_class_opens_nothing(papers, opened):
    without = dataclasses.replace(papers["permit"], released=frozenset({"identity"}))
    with pytest.raises(NotPermitted):
        opened(papers | {"permit": without})


def test_somebody_elses_key_opens_nothing(practice, copy, papers):
    authority = practice.vault.authority(copy.clients["Ada"])
    for person in sorted(set(KEYS) - {"Tess", "Sue"}):
        with practice.visit(person) as visit:
            key = entry_keys(visit, authority)
            with pytest.raises(Sealed):
                entry_opened(papers | {"key": key})


def test_without_rules_an_emergency_opens_what_the_keys_open(practice, copy, monkeypatch, tmp_path):
    """The one way past a ledger that cannot be written is a way past no key."""

    def full(*_args, **_more):
        raise StoreFull("no room")

    for module in (door_module, emergency):
        monkeypatch.setattr(module, "decide", lambda _ask, _packs: permitted())
    monkeypatch.setattr(gathering, "_relations", lambda *_: ("treating", "author"))
    monkeypatch.setattr(type(practice.vault.ledger), "append", full)
    safe = {"risk", "medication"}
    for person, of_client in KEYS.items():
        for client, client_id in copy.clients.items():
            spool = tmp_path / f"{person}-{client}"
            with practice.visit(person) as visit:
                try:
                    shown = emergency.look_in_emergency(
                        practice.door,
                        visit,
                        client_id,
                        purpose="emergency",
                        reason="he said goodbye",
                        spool=spool,
                    )
                except Sealed:
                    assert not safe & of_client.get(client, set())
                    continue
            read = {entry.text for _, entry in shown.entries}
            assert read == {text_of(client, one) for one in safe & of_client[client]}


def test_only_these_few_open_what_is_sealed():
    """A module that comes to open something belongs into a test above, then here."""
    opening_names = {
        "open_sealed",
        "open_attachment",
        "opened_entry",
        "opened_attachment",
        "unsealed",
    }
    source = Path(inspect.getfile(Door)).parents[1]
    calling = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in opening_names:
                calling.add(path.relative_to(source).as_posix())
    assert calling == {
        "gate/door.py",
        "gate/emergency.py",
        "gate/reading_first.py",
        "gate/unsealing.py",
        "sealed/opening.py",
    }
