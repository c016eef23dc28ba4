"""Tables are read off the circuits of the decisions: `decide`'s answers, by four readings."""

import functools
import random
import sqlite3

import numpy as np
import pytest

import tiny
from angerona.errors import BadAsk, TooWide
from angerona.packs import load
from angerona.rules import tables
from angerona.rules.ask import read_ask
from angerona.rules.circuits import Any, Lit
from angerona.rules.decide import decided
from angerona.rules.tables import Kinds, Looks, Way, table_of
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS, RELATIONS, ROLES

STACKS = [
    ("house", "us-hipaa", "us-ca"),
    ("house", "us-hipaa", "us-part2", "us-tx"),
    ("house", "uk"),
    ("us-hipaa", "us-ma"),
    ("house", "eu", "de"),
]
WORDS = {"must": "must", "may": "may"}


@pytest.fixture(scope="module")
def packs():
    return load()


def random_facts(dice, law):
    facts = {}
    for fact in law.lit.by_fact:
        declared = law.vocabulary.get(fact)
        if declared is not None and dice.random() < 0.7:
            values = {"bool": (True, False), "int": (3, 15, 17, 18, 34, 65, 70, 90)}
            facts[fact] = dice.choice(values.get(declared.type, declared.values))
    return facts


def ask_for(packs, stack, way, facts):
    raw = {
        "packs": list(stack),
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": way.role, "relation": way.relation},
        "to": way.to,
        "purpose": way.purpose,
        "instrument": way.instrument,
        "wants": ["everything"],
        "facts": facts,
    }
    return read_ask(raw, packs.facts, packs.packs)


def random_way(dice):
    to = dice.choice(["workforce", "workforce", dice.choice(list(RECIPIENTS))])
    return Way(
        role=dice.choice(list(ROLES)),
        relation=dice.choice(list(RELATIONS)),
        to=to,
        purpose=dice.choice(list(PURPOSES)),
        instrument=dice.choice(list(INSTRUMENTS)),
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_table_gives_the_verdicts_of_decide(packs, seed):
    dice = random.Random(seed)
    stack = dice.choice(STACKS)
    law = packs.law(stack)
    way = random_way(dice)
    table = table_of(law, way)
    for _ in range(20):
        facts = random_facts(dice, law)
        literals = table.literals(facts)
        verdicts = decided(ask_for(packs, stack, way, facts), packs)
        read = {name: table.verdict(name, literals) for name in CLASSES}
        assert read == {name: WORDS.get(word, "silence") for name, word in verdicts.items()}


LOOK = Way("psychologist", "treating", "workforce", "treatment")


def entries(law, count=2000):
    """Kinds, and entries of them: rows of a kind's number."""
    dice = random.Random(7)
    kinds = Kinds()
    sample = [random_facts(dice, law) for _ in range(50)]
    rows = [kinds.number(dice.choice(list(CLASSES)), dice.choice(sample)) for _ in range(count)]
    return kinds, rows


@pytest.mark.parametrize("stack", STACKS)
def test_numpy_and_sql_see_what_decide_sees(packs, stack):
    law = packs.law(stack)
    table = table_of(law, LOOK)
    kinds, rows = entries(law)
    shared = {"record.all_parties_consent": True}
    visible = kinds.visible(table, shared)
    one_by_one = [
        place for place, kind in enumerate(rows) if released(packs, stack, kinds, kind, shared)
    ]
    column = np.array(rows, dtype=np.int64)
    assert np.flatnonzero(kinds.filter(visible, column)).tolist() == one_by_one
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, kind INTEGER)")
    store.executemany("INSERT INTO entry VALUES (?, ?)", list(enumerate(rows)))
    query = f"SELECT id FROM entry WHERE {kinds.predicate(visible, 'kind')} ORDER BY id"  # noqa: S608 -- our own predicate
    found = store.execute(query).fetchall()
    store.close()
    assert [row[0] for row in found] == one_by_one
    assert 0 < len(one_by_one) < len(rows)


@functools.cache
def cached_verdict(packs, stack, wanted, facts):
    return decided(ask_for(packs, stack, LOOK, dict(facts)), packs)[wanted]


def released(packs, stack, kinds, kind, shared):
    wanted, own = kinds.kind(kind)
    return cached_verdict(packs, stack, wanted, tuple({**shared, **own}.items())) in WORDS


def test_a_kind_keeps_its_number():
    kinds = Kinds()
    first = kinds.number("risk", {"record.joint": True, "care.emergency": False})
    assert kinds.number("billing", {}) == 1
    assert kinds.number("risk", {"care.emergency": False, "record.joint": True}) == first == 0
    assert len(kinds) == 2


def test_a_kind_nobody_numbered_is_not_seen():
    kinds = Kinds()
    kinds.number("attendance", {})
    column = np.array([0, 1, -1, 10**12], dtype=np.int64)
    assert kinds.filter((0,), column).tolist() == [True, False, False, False]


@pytest.mark.parametrize("value", [1, 1.0, 0, "yes", [True]])
def test_what_only_equals_true_is_not_true(packs, value):
    table = Looks(packs.law(("house",))).table("psychologist", "supervisor", "supervision")
    with pytest.raises(BadAsk, match=r"facts.care.supervision_assigned: cannot be"):
        table.literals({"care.supervision_assigned": value})


def test_an_age_is_a_whole_number(tmp_path):
    ground = '[[ground]]\nid = "us-xx.g"\nlimit = "care"\nforce = "may"\nwhen = "client.age < 18"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=ground)
    table = table_of(packs.law(("us-xx",)), LOOK)
    for value in (True, "17", 17.0):
        with pytest.raises(BadAsk, match=r"facts.client.age: cannot be .*; a whole number"):
            table.literals({"client.age": value})


def test_looks_are_tables_made_when_needed(packs):
    looks = Looks(packs.law(("house", "us-hipaa")))
    here = ("psychologist", "treating", "treatment")
    assert looks.verdict(*here, "progress_note", {}) == "may"
    assert looks.verdict(*here, "psychotherapy_note", {}) == "silence"
    assert looks.table(*here) is looks.table(*here)
    for place, words in [
        ("role", ("dentist", "treating", "treatment", "risk")),
        ("relation", ("nurse", "cousin", "treatment", "risk")),
        ("purpose", ("nurse", "treating", "curiosity", "risk")),
        ("class", ("nurse", "treating", "treatment", "gossip")),
    ]:
        with pytest.raises(BadAsk, match=f"{place}: unknown"):
            looks.verdict(*words, {})


def test_a_table_that_shows_nothing(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="")
    kinds = Kinds()
    kinds.number("risk", {})
    visible = kinds.visible(table_of(packs.law(("us-xx",)), LOOK), {})
    assert visible == ()
    assert kinds.predicate(visible, "kind") == "1 = 0"


def test_known_and_ages_in_a_table(tmp_path):
    ground = '[[ground]]\nid = "us-xx.g"\nlimit = "care"\nforce = "may"\nwhen = "{when}"\n'
    for when, facts, expected in [
        ("known(client.age)", {}, "silence"),
        ("known(client.age)", {"client.age": 3}, "may"),
        ("client.age < 18 or client.age == 21", {"client.age": 17}, "may"),
        ("client.age < 18 or client.age == 21", {"client.age": 21}, "may"),
        ("client.age < 18 or client.age == 21", {"client.age": 20}, "silence"),
        ("client.age <= 18", {"client.age": 18}, "may"),
    ]:
        packs = tiny.load_tiny(tmp_path, us_xx=ground.format(when=when))
        table = table_of(packs.law(("us-xx",)), LOOK)
        assert table.verdict("risk", table.literals(facts)) == expected


def test_a_lock_that_not_knowing_keeps_on(tmp_path):
    text = (
        '[[ground]]\nid = "us-xx.g"\nlimit = "care"\nforce = "may"\n'
        '[[lock]]\nid = "us-xx.l"\nwhen = "not known(client.age)"\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    table = table_of(packs.law(("us-xx",)), LOOK)
    assert table.verdict("risk", table.literals({})) == "silence"
    assert table.verdict("risk", table.literals({"client.age": 3})) == "may"


def test_what_is_too_wide_says_so(monkeypatch):
    monkeypatch.setattr(tables, "CUBE_LIMIT", 1)
    with pytest.raises(TooWide, match="too many"):
        tables.cubes_of(Any((Lit(1), Lit(4))))


def test_a_table_tells_must_from_may(tmp_path):
    ground = '[[ground]]\nid = "us-xx.{name}"\nlimit = "care"\nforce = "{name}"\n'
    text = ground.format(name="may") + ground.format(name="must") + 'when = "care.emergency"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    table = table_of(packs.law(("us-xx",)), LOOK)
    assert table.verdict("risk", table.literals({"care.emergency": True})) == "must"
    assert table.verdict("risk", table.literals({})) == "may"
