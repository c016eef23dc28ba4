"""What a stolen database shows of a practice: its shape, and the shape says nothing of its people.

Two practices do the same with different people, whose names and words are of quite other lengths.
Every clear number and the length of every stored value must be the same in both, table by table.
"""

import datetime
import io
from collections import Counter

import apsw
import pytest

from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.consents import keep_consent
from angerona.practice.ties import begin_tie
from small_practice import AT, founded

PEOPLE = {
    "short": {
        "practice": "Ox",
        "clinician": "Jo",
        "colleague": "Al Ng",
        "client": "Bo",
        "telephone": "1",
        "text": "Came.",
        "heading": "",
        "file": b"1",
        "reason": "x",
        "born": 1930,
    },
    "long": {
        "practice": "The Practice of the Gardens by the Old Observatory",
        "clinician": "Maximiliane Featherstonehaugh-Wolanski",
        "colleague": "Bartholomew Archibald Tregunna-Penhallow",
        "client": "Guðmundur Þorvaldsson Öræfajökull van Wassenaer",
        "telephone": "+44 20 7946 0958 extension 4711",
        "text": "She spoke at length of the winter her brother was away at sea. ",
        "heading": "The sixth hour, after the long break of the summer",
        "file": b"A letter from the school, scanned. " * 12,
        "reason": "because the mother rang twice in the night and nobody knew what had been said",
        "born": 2004,
    },
}
BY_LABEL = {"map_nodes"}
"""How the map of the ledger branches depends on random labels, and on nothing else."""


def lived(folder, who):
    """The same day in each practice."""
    practice = founded(folder, name=who["practice"])
    for name, posts in ((who["clinician"], ("on_call",)), (who["colleague"], ("front_desk",))):
        practice.enrol(name, roles=("psychologist",), posts=posts)
    tess, sue = who["clinician"], who["colleague"]
    client = NewClient(
        name=who["client"],
        contact={"telephone": who["telephone"]},
        facts={"client.age": 2026 - who["born"]},
    )
    with practice.visit(tess) as visit:
        client_id = enrol_client(visit, client, treating=practice.people[tess])
    for wanted in ("progress_note", "risk", "psychotherapy_note", "diagnosis"):
        practice.keep(
            tess,
            client_id,
            wanted,
            who["text"],
            heading=who["heading"],
            file=io.BytesIO(who["file"]),
            file_name=f"{who['client']}.pdf",
        )
    with practice.visit(tess) as visit:
        begin_tie(visit, client_id, practice.people[sue], "supervisor", until=None)
        document = {
            "by": "client",
            "form": "hipaa_authorization",
            "classes": ["diagnosis"],
            "to": ["insurer"],
            "purposes": ["insurance"],
            "from": f"{2025 + who['born'] % 2}-01-01",
            "until": None,
            "revoked": None,
            "elements": {},
        }
        keep_consent(visit, client_id, document)
    practice.look(tess, client_id, reason=who["reason"])
    practice.look(sue, client_id, purpose="supervision")
    practice.vault.ledger.checkpoint(AT + datetime.timedelta(minutes=who["born"] % 60))
    practice.vault.store.close()
    return shape_of(folder / "practice.db")


def shape_of(path):
    """For each table how often each row comes: numbers as they are, everything else by length."""
    database = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        return {
            table: Counter(
                tuple(one if isinstance(one, int) else len(one or b"") for one in row)
                for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608 -- our own names
            )
            for table in tables
        }
    finally:
        database.close()


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return {
        name: lived(tmp_path_factory.mktemp(name) / "practice", who) for name, who in PEOPLE.items()
    }


def test_two_practices_of_different_people_have_the_same_shape(shapes):
    short, long = shapes["short"], shapes["long"]
    assert set(short) == set(long)
    for table in sorted(set(short) - BY_LABEL):
        assert short[table] == long[table], table


def test_the_ledger_of_people_with_long_names_has_the_same_shape(shapes):
    assert shapes["short"]["events"] == shapes["long"]["events"]


def test_the_ledger_shows_nothing_but_size_classes(shapes):
    for shape in shapes.values():
        assert {row[-1] for row in shape["events"]} <= {
            0,
            *(57 + (1024 << one) for one in range(4)),
        }


def test_of_the_map_alone_the_number_of_nodes_is_left_to_chance(shapes):
    for table in BY_LABEL:
        for shape in shapes.values():
            assert {row[2] for row in shape[table]} <= {65, 99}, "a leaf or a fork"


def test_a_text_of_another_size_class_would_show(shapes, tmp_path):
    """The promise is a size class, not more: what is twice as long can be told from what is not."""
    longer = {**PEOPLE["short"], "text": "word " * 3_000}
    assert lived(tmp_path / "practice", longer)["entries"] != shapes["short"]["entries"]
