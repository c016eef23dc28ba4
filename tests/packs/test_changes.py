"""Two versions of a pack: which Asks change, each shown by an Ask that both versions answer."""

from pathlib import Path

import pytest

from angerona.errors import BadPack
from angerona.packs import changes as changing
from angerona.packs import load
from angerona.packs.changes import changes
from angerona.packs.loading import read_pack
from angerona.rules.ask import read_ask
from angerona.rules.compile import Packs
from angerona.rules.decide import decide

PACKS = Path(__file__).resolve().parents[2] / "src" / "angerona" / "packs"

HEAD = """
[pack]
id = "xx"
title = "A small law"
jurisdiction = "XX"
as_of = 2026-01-01
default = "closed"
"""
SOURCE = """
cite = "s1"
source_url = ["https://example.org/s1"]
verified = true
as_of = 2026-01-01
"""
FACT = """
[[fact]]
key = "xx.asked"
type = "bool"
ask = "Was it asked?"
"""
GROUND = f"""
[[ground]]
id = "xx.tell"
title = "Telling"
{SOURCE}
limit = "harm"
force = "may"
to = ["police"]
covers = ["risk", "identity"]
needs = [{{ fact = "threat.serious", ask = "Serious?" }}]
"""
LOCK = f"""
[[lock]]
id = "xx.lock"
title = "A lock"
{SOURCE}
classes = ["identity"]
when = "client.objects"
"""
DUTY = f"""
[[duty]]
id = "xx.duty"
{SOURCE}
on = ["xx.tell"]
kind = "record"
mode = "required"
what = "write it down"
"""
FORM = f"""
[[consent_form]]
id = "xx.form"
{SOURCE}
elements = [{{ key = "signature", ask = "Signed?" }}]
"""
WHOLE = HEAD + FACT + GROUND + DUTY + FORM
LOCKED = WHOLE + LOCK


@pytest.fixture(scope="module")
def packs():
    return load()


@pytest.fixture
def differing(tmp_path):
    """What changes from one text to another, each Ask answered under both again."""
    packs = Packs({})

    def found(old, new):
        paths = []
        for version, text in (("old", old), ("new", new)):
            (tmp_path / version).mkdir(exist_ok=True)
            path = tmp_path / version / "xx.toml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        listed = changes(*paths, packs)
        for change in listed:
            if change.ask:
                old_says, new_says = (answer(path, change.ask, packs) for path in paths)
                assert old_says != new_says, change.sentence
        return listed

    return found


def answer(path, ask, packs):
    pack = read_pack(path)
    beside = Packs({**packs.packs, pack.id: pack})
    facts = {key: value for key, value in ask["facts"].items() if key in beside.facts}
    told = decide(read_ask(ask | {"facts": facts}, beside.facts, beside.packs), beside)
    return dict(told.classes), told.locks


def sentences(listed):
    return [change.sentence for change in listed]


def test_nothing_changes_between_a_version_and_itself(differing):
    assert differing(WHOLE, WHOLE) == []


def test_a_pack_that_ships_is_unchanged_beside_itself(packs):
    assert changes(PACKS / "us-ca.toml", PACKS / "us-ca.toml", packs) == []


def test_a_need_dropped_opens(differing):
    [opens] = differing(WHOLE, WHOLE.replace("threat.serious", "threat.made or threat.serious"))
    assert opens.sentence.startswith("identity, risk opens: to the police for ")
    assert opens.sentence.endswith("(was: depends on an answer; now: may go)")
    assert opens.ask["wants"] == ["identity", "risk"]
    assert opens.ask["facts"] == {"threat.made": True}


def test_a_need_added_closes(differing):
    [closes] = differing(WHOLE, WHOLE.replace("threat.serious", "threat.serious and xx.asked"))
    assert closes.sentence.startswith("identity, risk closes: ")
    assert closes.ask["facts"] == {"threat.serious": True}


def test_a_may_that_becomes_a_must(differing):
    must = WHOLE.replace('force = "may"', 'force = "must"')
    [becomes] = differing(WHOLE, must)
    assert becomes.sentence.startswith("identity, risk becomes a must: ")
    [ends] = differing(must, WHOLE)
    assert ends.sentence.startswith("identity, risk is no longer a must: ")


def test_a_lock_that_bars_less(differing):
    lock = LOCKED.replace('"client.objects"', '"client.objects and xx.asked"')
    opens, unbarred = differing(LOCKED, lock)
    assert opens.sentence.startswith("identity opens: ")
    assert unbarred.sentence.startswith("identity is no longer barred by a lock: ")
    closes, barred = differing(lock, LOCKED)
    assert closes.sentence.startswith("identity closes: ")
    assert barred.sentence.startswith("identity is newly barred by a lock: ")


def test_a_fact_that_only_one_version_knows(differing):
    older = WHOLE.replace(FACT, "")
    newer = WHOLE.replace("threat.serious", "threat.serious and xx.asked")
    [closes] = differing(older, newer)
    assert closes.ask["facts"] == {"threat.serious": True}
    [opens] = differing(newer, older)
    assert "xx.asked" not in opens.ask["facts"]


def test_a_consent_counts_for_all_the_classes_that_change(differing):
    consent = WHOLE.replace("threat.serious", "consent.covers")
    opens = differing(WHOLE, consent)[0]
    [paper] = opens.ask["consents"]
    assert paper["classes"] == ["identity", "risk"]


def test_process_notes_are_consented_to_on_a_paper_of_their_own(differing):
    named = WHOLE.replace('["risk", "identity"]', '["risk", "psychotherapy_note"]')
    listed = differing(named, named.replace("threat.serious", "consent.covers"))
    opened = [one.ask["wants"] for one in listed if " opens: " in one.sentence]
    assert sorted(opened) == [["psychotherapy_note"], ["risk"]]


def test_a_class_whose_naming_spoils_the_others_stands_alone(differing):
    covers = WHOLE.replace('["risk", "identity"]', '["risk", "substance_use"]')
    spoiling = "consent.covers and (wanted == 'substance_use' or not consent.names_substance_use)"
    listed = differing(
        covers, covers.replace("threat.serious", spoiling).replace("fact =", "expr =")
    )
    opened = [one.ask["wants"] for one in listed if " opens: " in one.sentence]
    assert sorted(opened) == [["risk"], ["substance_use"]]


def test_duties_are_compared_as_data(differing):
    changed = WHOLE.replace("write it down", "write it down at once")
    assert sentences(differing(WHOLE, changed)) == [
        "duty xx.duty: what was write it down and is write it down at once"
    ]
    timed = WHOLE.replace('mode = "required"', 'mode = "required"\ndue = "PT1H"')
    assert sentences(differing(WHOLE, timed)) == ["duty xx.duty: due was nothing and is PT1H"]
    without = WHOLE.replace(DUTY, "")
    assert sentences(differing(WHOLE, without)) == ["duty xx.duty is gone"]
    assert sentences(differing(without, WHOLE)) == ["duty xx.duty is new: write it down"]
    triggered = WHOLE.replace('on = ["xx.tell"]', 'on = ["xx.tell", "release"]')
    assert sentences(differing(WHOLE, triggered)) == [
        "duty xx.duty: on was xx.tell and is xx.tell, release"
    ]


def test_forms_are_compared_as_data(differing):
    more = WHOLE.replace("elements = [", 'elements = [{ key = "date", ask = "Dated?" }, ')
    assert sentences(differing(WHOLE, more)) == [
        "consent form xx.form: elements was signature and is date, signature"
    ]
    narrowed = WHOLE.replace("elements = [", 'classes = ["risk", "history"]\nelements = [')
    assert sentences(differing(WHOLE, narrowed)) == [
        "consent form xx.form: classes was nothing and is history, risk"
    ]
    without = WHOLE.replace(FORM, "")
    assert sentences(differing(without, WHOLE)) == ["consent form xx.form is new: signature"]


def test_where_it_comes_from_changes_no_answer(differing):
    assert differing(WHOLE, WHOLE.replace("as_of = 2026-01-01", "as_of = 2026-02-02")) == []


def test_what_decide_does_not_confirm_is_said_to_be_so(differing, monkeypatch):
    monkeypatch.setattr(changing, "_shows", lambda *_: False)
    opened = WHOLE.replace("threat.serious", "threat.made or threat.serious")
    assert sorted(sentences(differing(WHOLE, opened))) == [
        "identity opens, but `decide` does not confirm it",
        "risk opens, but `decide` does not confirm it",
    ]


def test_two_packs_are_not_two_versions(packs):
    with pytest.raises(BadPack, match=r"us-co\.toml: another pack than us-ca"):
        changes(PACKS / "us-ca.toml", PACKS / "us-co.toml", packs)


def test_a_fact_may_not_change_its_type(differing):
    number = FACT.replace('"bool"', '"int"')
    with pytest.raises(BadPack, match=r"xx\.toml: fact xx\.asked: has changed its type"):
        differing(WHOLE, WHOLE.replace(FACT, number))


def test_an_expression_that_is_wrong_is_refused(differing):
    with pytest.raises(BadPack, match="unknown fact"):
        differing(WHOLE, WHOLE.replace("threat.serious", "threat.sirious"))


def test_everything_is_called_so(differing):
    every = WHOLE.replace('covers = ["risk", "identity"]', "")
    listed = differing(every, every.replace("threat.serious", "threat.made or threat.serious"))
    assert any(one.sentence.startswith("everything opens: ") for one in listed)
