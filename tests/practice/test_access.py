"""A copy of the record: what goes, what is kept back item by item, and a second look at that."""

import io
import json
import zipfile

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.notices.packet_files import fingerprint, verify_json
from angerona.practice.access import (
    Decision,
    again_from,
    can_take_it_oneself,
    decide_copy,
    previewed,
    reviewable,
    take_copy,
)
from angerona.practice.matters import Step, advance, open_matters
from angerona.practice.ties import begin_tie
from asking_rights import LETTER, OPEN, asked, matter_of, practice_under, way_in
from owed_duties import copy, last, practice, wrong

__all__ = ["copy", "practice"]

ENDANGERS = "us-hipaa.right.access:3"
"""A reason that can be looked at again."""
NOTES = "us-hipaa.right.access:0"
WHY = {
    "why": "What stands there could put somebody in danger.",
    "contact": "Olaf Invented, 555 0100",
    "letter": LETTER,
}


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def entry_of(practice, client_id, wanted, by="Tess"):
    return next(
        one.entry_id
        for one in practice.vault.places(client_id)
        if one.wanted == wanted and one.author_id == practice.people[by]
    )


def opened(made):
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def parts_of(made):
    return json.loads(opened(made)["copy.json"])["parts"]


def decided(practice, matter_id, by="Tess", **decision):
    with practice.visit(by) as visit:
        given = Decision(facts=OPEN, **decision)
        return decide_copy(practice.door, visit, matter_of(visit, matter_id), given)


def taken(practice, matter_id, by="Tess"):
    with practice.visit(by) as visit:
        return take_copy(practice.door, visit, matter_of(visit, matter_id), how="by hand")


def test_all_that_the_rules_let_go_goes_and_what_they_keep_is_said(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy")
    with practice.visit("Tess") as visit:
        found = previewed(practice.door, visit, matter_of(visit, matter_id), OPEN)
        assert "psychotherapy_note" not in {one.wanted for one in found.would_go}
    decided(practice, matter_id, **WHY)
    made = taken(practice, matter_id)
    assert {one["class"] for one in parts_of(made)} == {one.wanted for one in found.would_go}
    assert made.name.startswith("copy-")
    held = opened(made)
    assert held["copy.pdf"].startswith(b"%PDF-")
    files = [name for name in held if name.startswith("files/")]
    assert len(files) == len(parts_of(made)) - 1  # what was asked came without one
    with practice.visit("Tess") as visit, pytest.raises(Unknown):
        matter_of(visit, matter_id)
    assert last(practice, ada).body["outcome"] == "partly"
    assert wrong(practice) == []


def test_the_copy_is_signed_and_says_what_a_denial_in_part_must_say(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy", more={"notes": True})
    decided(practice, matter_id, **WHY)
    data = opened(taken(practice, matter_id))["copy.json"]
    signed = verify_json(data, key=fingerprint(practice.vault.keyset.signer().public))
    [statement] = signed.packet.statements
    assert statement.duty == "us-hipaa.duty.denial_partial"
    for said in (WHY["why"], WHY["contact"], "Office for Civil Rights"):
        assert said in statement.text


def test_one_entry_is_kept_back_for_a_reason_of_the_law_and_the_rest_goes(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy")
    risk = entry_of(practice, ada, "risk")
    decided(practice, matter_id, kept_back={risk: ENDANGERS}, **WHY)
    made = taken(practice, matter_id)
    assert "risk" not in {one["class"] for one in parts_of(made)}
    body = last(practice, ada).body
    assert body["kept_back"] == {risk.hex(): ENDANGERS}
    assert reviewable(practice.door, body).keys() == {risk.hex()}


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"kept_back": {"risk": "because"}}, "reason"),
        ({"kept_back": {"psychotherapy_note": ENDANGERS}}, "kept back"),
        ({"kept_back": {"risk": ENDANGERS}, "letter": " "}, "letter"),
        ({"kept_back": {"risk": ENDANGERS}, "contact": ""}, "contact"),
        ({"kept_back": {"risk": ENDANGERS}, "why": ""}, "why"),
        ({"left_out": {"history": ("nothing of the kind",)}}, "passages"),
        ({"kept_back": {"risk": ENDANGERS}, "left_out": {"risk": ("Ada",)}}, "passages"),
    ],
)
def test_what_cannot_be_decided(practice, ada, changed, place):
    matter_id = asked(practice, "Tess", ada, "copy")
    given = {**WHY, **changed}
    for name in ("kept_back", "left_out"):
        said = given.get(name, {})
        given[name] = {entry_of(practice, ada, one): why for one, why in said.items()}
    with pytest.raises(BadInput, match=place):
        decided(practice, matter_id, **given)


def test_words_of_others_leave_a_mark(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy")
    history = entry_of(practice, ada, "history")
    decided(practice, matter_id, left_out={history: ("nobody else", "else: what")}, **WHY)
    [said] = [
        one["text"] for one in parts_of(taken(practice, matter_id)) if one["class"] == "history"
    ]
    assert said == "Ada and [...] there is of history"


def test_the_client_takes_it_in_the_own_pages(practice, ada):
    way_in(practice, ada)
    matter_id = asked(practice, "ada", ada, "copy", own=True)
    with practice.visit("ada") as visit, pytest.raises(BadInput, match="not ready"):
        take_copy(practice.door, visit, matter_of(visit, matter_id), how="own pages")
    with practice.visit("ada") as visit, pytest.raises(NotPermitted):
        decide_copy(practice.door, visit, matter_of(visit, matter_id), Decision(**WHY))
    decided(practice, matter_id, **WHY)
    with practice.visit("ada") as visit:
        matter = matter_of(visit, matter_id)
        assert can_take_it_oneself(practice.door, matter)
        made = take_copy(practice.door, visit, matter, how="own pages")
        assert open_matters(visit) == []
    assert {one["class"] for one in parts_of(made)} >= {"history", "diagnosis"}
    assert wrong(practice) == []


def test_process_notes_are_asked_for_apart_and_the_law_says_whether_they_go(practice, ada):
    for notes in (False, True):
        matter_id = asked(practice, "Tess", ada, "copy", more={"notes": notes})
        with practice.visit("Tess") as visit:
            found = previewed(practice.door, visit, matter_of(visit, matter_id), OPEN)
            stays = {one.wanted for one in found.would_stay}
            assert ("psychotherapy_note" in stays) is notes
        decided(practice, matter_id, **WHY)
        made = taken(practice, matter_id)
        assert "psychotherapy_note" not in {one["class"] for one in parts_of(made)}


def test_where_the_law_reaches_process_notes_their_author_gives_them(tmp_path):
    """In the United Kingdom keeping notes apart does not keep them from the client."""
    facts = dict.fromkeys(("uk.serious_harm_likely", "uk.hp_opinion", "uk.already_known"), False)
    with practice_under(tmp_path / "uk", "house", "uk") as here:
        here.keep("Thea", here.ada, "psychotherapy_note", "my own guess")
        for notes in (False, True):
            matter_id = asked(here, "Thea", here.ada, "copy", more={"notes": notes})
            with here.visit("Thea") as visit:
                decision = Decision(facts=facts, **WHY)
                found = decide_copy(here.door, visit, matter_of(visit, matter_id), decision)
                assert can_take_it_oneself(here.door, found) is not notes
                made = take_copy(here.door, visit, found, how="by hand")
            assert ("psychotherapy_note" in {one["class"] for one in parts_of(made)}) is notes


def test_who_denied_does_not_look_again_and_somebody_else_binds(practice, ada):
    way_in(practice, ada)
    first = asked(practice, "ada", ada, "copy", own=True)
    risk, history = entry_of(practice, ada, "risk"), entry_of(practice, ada, "history")
    decided(practice, first, kept_back={risk: ENDANGERS, history: NOTES}, **WHY)
    taken(practice, first, "ada")
    with practice.visit("ada") as visit:
        more = again_from(practice.door, visit, ada, first)
        assert more["again"].keys() == {risk.hex()}
    again = asked(practice, "ada", ada, "review", own=True, more=more)
    with pytest.raises(BadInput, match="who looks again"):
        decided(practice, again, **WHY)
    with practice.visit("Olaf") as visit:
        step = Step(what="asked Sue to look again", said={}, handler_id=practice.people["Sue"])
        advance(visit, matter_of(visit, again), step)
    decided(practice, again, "Sue")
    made = taken(practice, again, "ada")
    assert [one["class"] for one in parts_of(made)] == ["risk"]
    assert wrong(practice) == []


def test_a_second_look_can_uphold_it_and_somebody_outside_can_look(practice, ada):
    first = asked(practice, "Tess", ada, "copy")
    risk = entry_of(practice, ada, "risk")
    decided(practice, first, kept_back={risk: ENDANGERS}, **WHY)
    taken(practice, first)
    with practice.visit("Tess") as visit:
        more = again_from(practice.door, visit, ada, first)
    again = asked(practice, "Tess", ada, "review", more=more)
    outside = "Dr Invented, psychiatrist, outside this practice"
    ended = decided(practice, again, kept_back={risk: ENDANGERS}, outside=outside, **WHY)
    assert ended is None
    body = last(practice, ada).body
    assert (body["outcome"], body["outside"]) == ("refused", outside)
    with practice.visit("Tess") as visit:
        assert open_matters(visit) == []


def test_nothing_is_looked_at_again_that_no_law_lets(practice, ada):
    first = asked(practice, "Tess", ada, "copy")
    decided(practice, first, kept_back={entry_of(practice, ada, "risk"): NOTES}, **WHY)
    taken(practice, first)
    with practice.visit("Tess") as visit, pytest.raises(Unknown):
        again_from(practice.door, visit, ada, first)


def test_a_copy_that_may_not_go_any_more_is_not_made(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy")
    decided(practice, matter_id, **WHY)
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, matter_id)
        content = {**matter.content, "facts": {"us_hipaa.access_endangers": True}}
        advance(visit, matter, Step(what="found a danger", said={}, content=content))
    with pytest.raises(BadInput, match="decide it again"):
        taken(practice, matter_id)


def test_who_only_covers_decides_nothing(practice, ada):
    matter_id = asked(practice, "Tess", ada, "copy")
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Stan"], "treating", until=None)
        step = Step(what="gave it to Cora", said={}, handler_id=practice.people["Cora"])
        advance(visit, matter_of(visit, matter_id), step)
    with pytest.raises(NotPermitted):
        decided(practice, matter_id, "Cora", **WHY)
    with pytest.raises(NotPermitted):
        decided(practice, matter_id, "Olaf", **WHY)


def test_the_other_program_gets_data_and_no_pages(practice, ada):
    matter_id = asked(practice, "Tess", ada, "portable")
    decided(practice, matter_id, **WHY)
    held = opened(taken(practice, matter_id))
    assert "copy.pdf" not in held
    assert json.loads(held["copy.json"])["parts"]
