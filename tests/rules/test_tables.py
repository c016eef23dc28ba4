"""Tables are read off the circuits of the decisions: `decide`'s answers, by four readings."""

import random
import sqlite3

import numpy as np
import pytest

import tiny
from angerona.errors import TooWide
from angerona.packs import load
from angerona.rules import tables
from angerona.rules.ask import read_ask
from angerona.rules.circuits import Any, Lit
from angerona.rules.decide import decided
from angerona.rules.tables import CLASS_NUMBERS, Way, table_of
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


def entries(table, law, count=2000):
    dice = random.Random(7)
    sample = [table.literals(random_facts(dice, law)) for _ in range(50)]
    classes = np.array([dice.randrange(len(CLASSES)) for _ in range(count)], dtype=np.uint8)
    literals = np.array([dice.choice(sample) for _ in range(count)], dtype=np.int64)
    return classes, literals


@pytest.mark.parametrize("stack", STACKS)
def test_numpy_and_sql_see_what_the_table_sees(packs, stack):
    law = packs.law(stack)
    table = table_of(law, LOOK)
    classes, literals = entries(table, law)
    names = list(CLASS_NUMBERS)
    one_by_one = [
        number
        for number, (kind, known) in enumerate(zip(classes, literals, strict=True))
        if table.verdict(names[kind], int(known)) != "silence"
    ]
    assert np.flatnonzero(table.visible(classes, literals)).tolist() == one_by_one
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, class INTEGER, known INTEGER)")
    rows = [(n, int(c), int(k)) for n, (c, k) in enumerate(zip(classes, literals, strict=True))]
    store.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
    where = table.predicate("class", "known")
    query = f"SELECT id FROM entry WHERE {where} ORDER BY id"  # noqa: S608 -- our own predicate
    found = store.execute(query).fetchall()
    store.close()
    assert [row[0] for row in found] == one_by_one
    assert 0 < len(one_by_one) < len(rows)


def test_a_table_that_shows_nothing(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="")
    table = table_of(packs.law(("us-xx",)), LOOK)
    assert table.predicate("class", "known") == "1 = 0"
    assert not table.visible(np.array([0, 1], np.uint8), np.array([0, 0], np.int64)).any()


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


def test_what_is_too_wide_says_so(tmp_path, monkeypatch):
    facts = "".join(f'[[fact]]\nkey = "us_xx.f{n}"\ntype = "bool"\nask = "?"\n' for n in range(70))
    all_of = " and ".join(f"us_xx.f{n}" for n in range(70))
    ground = f'[[ground]]\nid = "us-xx.g"\nlimit = "care"\nforce = "may"\nwhen = "{all_of}"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=facts + ground)
    with pytest.raises(TooWide, match="70 facts' values, where a column holds 62"):
        table_of(packs.law(("us-xx",)), LOOK)
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
