"""At its start the server proves itself; with a guard taken out it does not start."""

import dataclasses

import pytest

from angerona.errors import NotProven
from angerona.gate import door as door_module
from angerona.gate import unsealing
from angerona.rules.answer import Permit
from angerona.sealed import holding
from angerona.site import proving
from angerona.words import CLASSES
from prepared_practice import AT, packs, quick_passwords


@pytest.fixture(autouse=True)
def quick():
    with quick_passwords():
        yield


def prove():
    proving.prove(packs(), ("house", "us-hipaa", "us-ca"), AT)


@pytest.fixture(scope="module")
def yes():
    """What the rules say where they say yes to everything."""
    found = []
    rules = door_module.decide

    def spy(ask, rules_of):
        answer = rules(ask, rules_of)
        if isinstance(answer, Permit):
            found.append(answer)
        return answer

    with pytest.MonkeyPatch.context() as patch, quick_passwords():
        patch.setattr(door_module, "decide", spy)
        prove()
    return dataclasses.replace(found[0], released=frozenset(CLASSES))


@pytest.mark.parametrize(
    "law", [("house",), ("house", "uk"), ("house", "eu", "de"), ("house", "ca", "ca-on")]
)
def test_it_holds_under_any_law(law):
    proving.prove(packs(), law, AT)


def test_rules_that_let_everything_go_are_found(monkeypatch, yes):
    monkeypatch.setattr(door_module, "decide", lambda _ask, _packs: yes)
    with pytest.raises(NotProven, match="a deny did not hold: an employer would get a note"):
        prove()


def test_a_law_that_lets_an_employer_in_is_found(monkeypatch, yes):
    monkeypatch.setattr(proving, "decide", lambda _ask, _packs: yes)
    with pytest.raises(NotProven, match="by the law of this practice"):
        prove()


def test_a_gate_that_knows_strangers_is_found(monkeypatch):
    look = door_module.Door.look

    def talkative(door, visit, client_id, **more):
        return None if client_id == bytes(16) else look(door, visit, client_id, **more)

    monkeypatch.setattr(door_module.Door, "look", talkative)
    with pytest.raises(NotProven, match="not met with silence"):
        prove()


def test_keys_that_open_for_everybody_are_found(monkeypatch):
    held = {}

    def leaking(visit, authority, name, generation):
        if name not in held:
            held[name] = holding.key_for(visit, authority, name, generation)
        return held[name]

    monkeypatch.setattr(unsealing, "key_for", leaking)
    with pytest.raises(NotProven, match="a seal did not hold: a note opened without its key"):
        prove()


def test_an_altered_note_that_opens_is_found(monkeypatch):
    monkeypatch.setattr(proving.Proof, "alter", lambda *_: None)
    with pytest.raises(NotProven, match="although it was altered"):
        prove()


def test_a_note_that_does_not_come_back_is_found(monkeypatch):
    look = door_module.Door.look

    def empty(*given, **more):
        return dataclasses.replace(look(*given, **more), entries=())

    monkeypatch.setattr(door_module.Door, "look", empty)
    with pytest.raises(NotProven, match="did not come back"):
        prove()


def test_a_note_that_cannot_be_read_is_found(monkeypatch):
    monkeypatch.setattr(door_module.Door, "look", lambda *_, **__: None)
    with pytest.raises(NotProven, match="its own author"):
        prove()


def test_a_checker_that_takes_anything_is_found(monkeypatch):
    verify = proving.verify
    monkeypatch.setattr(proving, "verify", lambda text, **more: honest(verify, text, **more))
    with pytest.raises(NotProven, match="although a letter of it was changed"):
        prove()


def honest(verify, text, **more):
    try:
        return verify(text, **more)
    except proving.NotProved:
        return None


def test_a_line_that_does_not_verify_is_found(monkeypatch):
    def refuse(*_, **__):
        raise proving.NotProved

    monkeypatch.setattr(proving, "verify", refuse)
    with pytest.raises(NotProven, match="does not verify"):
        prove()


def test_a_look_without_a_line_is_found(monkeypatch):
    verify = proving.verify

    def shorter(text, **more):
        proved = verify(text, **more)
        return proved._replace(lines=[one for one in proved.lines if b'"look"' not in one.body])

    monkeypatch.setattr(proving, "verify", shorter)
    with pytest.raises(NotProven, match="a look left none"):
        prove()
