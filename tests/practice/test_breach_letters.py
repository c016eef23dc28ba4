"""Each client concerned is told alone, by a way he or she allowed, or held back as the law lets."""

import datetime

import pytest

from angerona.errors import AuthorityMoved, BadInput, Unknown
from angerona.practice import breach_letters
from angerona.practice.breach_clocks import ISSUED, ORAL, notifications
from angerona.practice.breach_letters import (
    answer_untold,
    filled,
    hold_notice,
    issue,
    letter_of,
    letter_pdf,
    letter_to,
    propose_untold,
    sent,
    to_send,
    untold,
    write,
)
from angerona.practice.breach_register import register
from angerona.practice.breach_scopes import Place
from angerona.practice.breach_searches import go_on, keep, search
from angerona.practice.breaches import (
    answer,
    close,
    incident,
    propose_none,
    report,
    told,
)
from angerona.practice.caseload import short_id
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.deaths import record_death
from angerona.practice.own_choices import choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in
from angerona.sealed.rows import Way
from notices.reading_pages import texts_of
from owed_duties import copy, last, practice, there, wrong
from practice.test_breaches import HHS, HIPAA, SAID
from prepared_practice import AT, PASSWORD, packs
from small_practice import founded

__all__ = ["copy", "practice"]

DAY = datetime.timedelta(days=1)
GONE = Place(by="stolen", since=AT, until=AT, keys="boot")
WORDS = {
    "what happened and when": "A laptop was stolen on 1 March.",
    "types of information": "",
    "steps to protect oneself": "Call us if somebody writes to you.",
    "what we are doing": "New locks.",
    "contact": "Grace, 555 0100",
    "authority": "The office",
}
KNOWN = {**HIPAA, "incident.people": 2}


def begun(practice, facts=KNOWN, words=WORDS):
    """An incident with its list, answers and letters, so that notices can be given out."""
    with practice.visit("Stan") as visit:
        matter_id = report(visit, packs(), SAID)
    with practice.visit("Olaf") as visit:
        matter = incident(visit, matter_id)
        search(visit, matter, GONE)
        assert go_on(visit, matter).is_over
        matter = keep(visit, packs(), matter)
        matter = answer(visit, packs(), matter, facts, {})
        write(visit, packs(), matter, words)
    return matter_id


def given_out(practice, matter_id):
    with practice.visit("Olaf") as visit:
        return issue(visit, packs(), incident(visit, matter_id))


def notices(practice, by):
    with practice.visit(by) as visit:
        return {one.client: one.duty for one in to_send(visit)}


def reachable(practice, client_id, **ways):
    with practice.visit("Tess") as visit:
        allowed = {name: Way(allowed=is_so) for name, is_so in ways.items()}
        addresses = {"phone": "+1 555 0100", "address": "1 Quiet Road"}
        change_contact(visit, client_id, NewContact(ways=allowed, addresses=addresses))


def test_each_client_has_a_notice_of_its_own_with_its_day(practice):
    matter_id = begun(practice)
    assert given_out(practice, matter_id) == (2, 2)
    mine = notices(practice, "Olaf")
    assert set(mine) == {"Ada", "Otto"}
    assert {one.row.due for one in mine.values()} == {SAID.discovered + 60 * DAY}
    assert set(notices(practice, "Tess")) == {"Ada"}
    assert notices(practice, "Stan") == {}
    with practice.visit("Olaf") as visit:
        content = incident(visit, matter_id).content
    states = {one.key: one.state for one in notifications(practice.vault, packs(), content)}
    assert states["us-hipaa.breach.individual:client"] == ISSUED
    assert given_out_again(practice, matter_id)
    assert wrong(practice) == []


def given_out_again(practice, matter_id):
    with pytest.raises(BadInput, match="given out"):
        given_out(practice, matter_id)
    return len([one for one in there(practice) if "incident" in one.row.duty]) == 2


def test_one_that_was_broken_off_goes_on_and_gives_nobody_two(practice, copy):
    matter_id = begun(practice)
    with practice.visit("Olaf") as visit:
        matter = incident(visit, matter_id)
        tells = breach_letters._client_tells(visit, packs(), matter)  # noqa: SLF001 -- to break off in the midst
        [row] = [
            one
            for one in breach_letters.whole(visit, matter).rows
            if one.client == copy.clients["Ada"].hex()
        ]
        breach_letters._give(visit, packs(), matter, row, tells)  # noqa: SLF001 -- to break off in the midst
    given_out(practice, matter_id)
    assert sorted(one.client for one in owing(practice)) == ["Ada", "Otto"]


@pytest.mark.parametrize("is_held", [False, True])
def test_what_was_given_out_a_moment_before_it_broke_off_is_not_given_again(
    practice, copy, is_held
):
    matter_id = begun(practice)
    if is_held:
        with practice.visit("Olaf") as visit:
            matter = incident(visit, matter_id)
            for client_id in copy.clients.values():
                why = "others read the post"
                matter = hold_notice(visit, packs(), matter, client_id, AT + DAY, why=why)
    with practice.visit("Olaf") as visit:
        matter = incident(visit, matter_id)
        tells = breach_letters._client_tells(visit, packs(), matter)  # noqa: SLF001 -- see above
        for row in breach_letters.whole(visit, matter).rows:
            breach_letters._give(visit, packs(), matter, row, tells)  # noqa: SLF001 -- see above
    given_out(practice, matter_id)
    assert sorted(one.client for one in owing(practice)) == ["Ada", "Otto"]


def owing(practice):
    with practice.visit("Olaf") as visit:
        return to_send(visit)


def test_by_a_way_that_was_not_allowed_nothing_goes(practice, copy):
    given_out(practice, begun(practice))
    duty = notices(practice, "Tess")["Ada"]
    with practice.visit("Tess") as visit:
        text = letter_of(visit, duty.duty_id).filled.text
        for way in ("post", "phone", "pages", "pigeon"):
            with pytest.raises(BadInput):
                sent(practice.door, visit, duty.duty_id, way, text=text)
    reachable(practice, copy.clients["Ada"], post=True, phone=False)
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput, match="is closed: the client does not want it"):
            sent(practice.door, visit, duty.duty_id, "phone", text=text)
        with pytest.raises(BadInput, match=r"\[contact\] is not filled"):
            sent(practice.door, visit, duty.duty_id, "post", text=f"{text} [contact]")
        found = letter_of(visit, duty.duty_id)
        assert found.contact.address("post") == "1 Quiet Road"
        sent(practice.door, visit, duty.duty_id, "post", text=text)
    lines = practice.vault.ledger.lines_of(copy.clients["Ada"])
    assert [one.kind for one in lines[-2:]] == ["kept", "notice"]
    assert lines[-1].body["how"] == "by letter"
    assert set(notices(practice, "Olaf")) == {"Otto"}
    assert wrong(practice) == []


def test_the_letter_says_what_was_reached_and_holds_what_the_law_demands(practice):
    given_out(practice, begun(practice))
    duty = notices(practice, "Tess")["Ada"]
    with practice.visit("Tess") as visit:
        found = letter_of(visit, duty.duty_id)
        assert found.filled.open == ()
        for part in ("A laptop was stolen", "name and contact", "who looked", "New locks", "Tess"):
            assert part in found.filled.text
        [page] = texts_of(letter_pdf(visit, found.letter, found.filled.text))
    assert "A laptop was stolen" in page


def test_the_client_s_own_pages_are_a_way_where_there_are_any(practice, copy):
    given_out(practice, begun(practice))
    duty = notices(practice, "Olaf")["Ada"]
    with practice.visit("Olaf") as visit:
        found = letter_of(visit, duty.duty_id)
        assert found.contact is None
        assert [one.name for one in found.ways if not one.closed] == ["in_person"]
    with practice.visit("Tess") as visit:
        made = give_way_in(visit, copy.clients["Ada"], "ada", PASSWORD)
    practice.people["ada"] = made.person_id
    practice.sign_in("ada")
    with practice.visit("ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ("messages",))
    with practice.visit("Olaf") as visit:
        found = letter_of(visit, duty.duty_id)
        assert [one.name for one in found.ways if not one.closed] == ["in_person", "pages"]
        sent(practice.door, visit, duty.duty_id, "pages", text=found.filled.text)
    assert last(practice, copy.clients["Ada"]).body["how"] == "on the client's own pages"


def test_what_must_never_be_done_is_read_first(practice, copy):
    given_out(practice, begun(practice))
    duty = notices(practice, "Tess")["Ada"]
    with practice.visit("Tess") as visit:
        never = NewContact(ways={}, addresses={}, never="Never before the children.")
        change_contact(visit, copy.clients["Ada"], never)
        text = letter_of(visit, duty.duty_id).filled.text
        with pytest.raises(BadInput, match="was not read"):
            sent(practice.door, visit, duty.duty_id, "in_person", text=text)
        sent(practice.door, visit, duty.duty_id, "in_person", text=text, never_read=True)


def test_what_broke_off_between_the_record_and_the_line_is_kept_once(practice, copy, monkeypatch):
    given_out(practice, begun(practice))
    duty = notices(practice, "Tess")["Ada"]
    ada = copy.clients["Ada"]
    before = len(practice.vault.places(ada))

    def broken(*_, **__):
        raise AuthorityMoved

    with practice.visit("Tess") as visit:
        text = letter_of(visit, duty.duty_id).filled.text
        with monkeypatch.context() as patch:
            patch.setattr(breach_letters, "ended", broken)
            with pytest.raises(AuthorityMoved):
                sent(practice.door, visit, duty.duty_id, "in_person", text=text)
        sent(practice.door, visit, duty.duty_id, "in_person", text=text)
    assert len(practice.vault.places(ada)) == before + 1
    assert set(notices(practice, "Olaf")) == {"Otto"}


def test_one_client_is_left_untold_only_by_two(practice, copy):
    matter_id = begun(practice)
    given_out(practice, matter_id)
    duty = notices(practice, "Olaf")["Ada"]

    def step(by, do, **said):
        with practice.visit(by) as visit:
            return do(visit, packs(), incident(visit, matter_id), duty.duty_id, **said)

    with pytest.raises(BadInput, match="none of this incident"):
        step("Stan", propose_untold, why="it came back")
    step("Olaf", propose_untold, why="it came back unopened")
    with practice.visit("Stan") as visit:
        [(named, whom, said)] = untold(visit, incident(visit, matter_id))
    assert (named, whom, said["why"]) == (
        duty.duty_id,
        short_id(copy.clients["Ada"]),
        "it came back unopened",
    )
    with pytest.raises(BadInput, match="second person"):
        step("Olaf", answer_untold, agrees=True, why="so it is")
    step("Stan", answer_untold, agrees=False, why="I did not see it")
    assert set(notices(practice, "Olaf")) == {"Ada", "Otto"}
    step("Olaf", propose_untold, why="it came back unopened, here it is")
    step("Stan", answer_untold, agrees=True, why="I saw it")
    assert set(notices(practice, "Olaf")) == {"Otto"}
    line = last(practice, copy.clients["Ada"])
    assert (line.kind, line.body["way"]) == ("notice", "none")
    with practice.visit("Olaf") as visit:
        [entry] = register(visit)
    assert entry.not_told == [
        ("one client", "it came back unopened, here it is", "Stan (psychologist)")
    ]
    assert wrong(practice) == []


@pytest.mark.parametrize("whose", ["no notice", "another incident's", "the incident's own duty"])
def test_nothing_but_a_notice_of_this_incident_is_left_untold(practice, whose):
    other = begun(practice)
    given_out(practice, other)
    notice = notices(practice, "Olaf")["Ada"]
    with practice.visit("Stan") as visit:
        matter_id = report(visit, packs(), SAID)
    with practice.visit("Olaf") as visit:
        own = next(iter(incident(visit, matter_id).content["duties"].values()))
        digits = {
            "no notice": "none",
            "another incident's": notice.duty_id.hex(),
            "the incident's own duty": own,
        }
        matter = incident(visit, matter_id)
        before = there(practice)
        with pytest.raises(BadInput):
            propose_none(visit, packs(), matter, f"one:{digits[whose]}", why="nobody asks")
        assert untold(visit, incident(visit, matter_id)) == []
    assert there(practice) == before


def test_of_a_client_who_has_died_nothing_goes_to_the_address(practice, copy):
    reachable(practice, copy.clients["Ada"], post=True)
    given_out(practice, begun(practice))
    duty = notices(practice, "Tess")["Ada"]
    with practice.visit("Tess") as visit:
        record_death(visit, copy.clients["Ada"], day=AT.date(), source="her sister wrote")
        found = letter_of(visit, duty.duty_id)
        assert found.has_died
        with pytest.raises(BadInput, match="is closed"):
            sent(practice.door, visit, duty.duty_id, "post", text=found.filled.text)


def test_another_s_notice_cannot_be_seen(practice):
    given_out(practice, begun(practice))
    duty = notices(practice, "Olaf")["Otto"]
    for name in ("Tess", "Stan", "Fay"):
        with practice.visit(name) as visit, pytest.raises(Unknown):
            letter_of(visit, duty.duty_id)


def test_while_the_police_ask_for_it_notices_wait_and_the_list_is_silent(practice, copy):
    matter_id = begun(practice, {**KNOWN, "incident.police_delay": True})
    with practice.visit("Olaf") as visit:
        answer(visit, packs(), incident(visit, matter_id), {}, {ORAL: AT})
    before = practice.vault.ledger.lines_of(copy.clients["Ada"])
    given_out(practice, matter_id)
    assert practice.vault.ledger.lines_of(copy.clients["Ada"]) == before
    duty = notices(practice, "Olaf")["Ada"]
    assert duty.row.held_until == AT + 30 * DAY
    with practice.visit("Olaf") as visit:
        text = letter_of(visit, duty.duty_id).filled.text
        with pytest.raises(BadInput, match="has to wait"):
            sent(practice.door, visit, duty.duty_id, "in_person", text=text)
    practice.open("Olaf", AT + 31 * DAY)
    with practice.visit("Olaf", AT + 31 * DAY) as visit:
        sent(practice.door, visit, duty.duty_id, "in_person", text=text)
    assert wrong(practice) == []


def test_one_whom_it_would_endanger_waits_alone(practice, copy):
    matter_id = begun(practice)
    ada = copy.clients["Ada"]
    with practice.visit("Olaf") as visit:
        matter = incident(visit, matter_id)
        for client_id, until in ((bytes(16), AT + DAY), (ada, AT - DAY), (ada, AT + 400 * DAY)):
            with pytest.raises(BadInput):
                hold_notice(visit, packs(), matter, client_id, until, why="her husband reads it")
        hold_notice(visit, packs(), matter, ada, AT + 5 * DAY, why="her husband reads her post")
    given_out(practice, matter_id)
    held = {one.client: one.duty.row.held_until for one in owing(practice)}
    assert held == {"Ada": AT + 5 * DAY, "Otto": None}


@pytest.mark.parametrize("left", ["what happened and when", "contact"])
def test_nothing_is_given_out_while_the_letter_has_a_blank(practice, left):
    matter_id = begun(practice, words={**WORDS, left: ""})
    with pytest.raises(BadInput, match=f"has a blank: {left}"):
        given_out(practice, matter_id)


def test_nothing_is_given_out_without_a_whole_list_that_is_the_one_kept(practice):
    matter_id = begun(practice)
    practice.open("Olaf")
    with pytest.raises(BadInput, match="not whole"):
        given_out(practice, matter_id)
    with practice.visit("Olaf") as visit:
        matter = incident(visit, matter_id)
        tess = practice.people["Tess"].hex()
        more = Place(by="stolen", since=AT, until=AT, keys="password", person=tess)
        search(visit, matter, more)
        go_on(visit, matter)
    with pytest.raises(BadInput, match="is another"):
        given_out(practice, matter_id)


def test_where_a_pack_asks_whether_notice_would_harm_that_is_answered_first(tmp_path):
    alberta = founded(tmp_path / "ca-ab", packs=("house", "ca", "ca-ab"))
    try:
        alberta.client("Ada Invented")
        with alberta.visit("Thea") as visit:
            matter = incident(visit, report(visit, packs(), SAID))
            search(visit, matter, GONE)
            go_on(visit, matter)
            matter = keep(visit, packs(), matter)
            facts = {"incident.breach": True, "incident.high_risk": True}
            matter = write(visit, packs(), answer(visit, packs(), matter, facts, {}), WORDS)
            with pytest.raises(BadInput, match="wait for an answer"):
                issue(visit, packs(), matter)
            matter = answer(visit, packs(), matter, {"incident.notice_would_harm": False}, {})
            assert issue(visit, packs(), matter) == (1, 1)
    finally:
        alberta.vault.store.close()


def test_settled_once_everybody_is_told_and_then_in_the_register(practice):
    matter_id = begun(practice)
    given_out(practice, matter_id)
    with practice.visit("Olaf") as visit:
        told(visit, packs(), incident(visit, matter_id), HHS, how="on their page")
        with pytest.raises(BadInput, match="2 clients are still to be told"):
            close(visit, packs(), incident(visit, matter_id), result="locks")
        for one in to_send(visit, matter_id):
            text = letter_of(visit, one.duty.duty_id).filled.text
            sent(practice.door, visit, one.duty.duty_id, "in_person", text=text)
        close(visit, packs(), incident(visit, matter_id), result="locks")
        [entry] = register(visit)
    assert [(whom, how) for whom, _, how in entry.told] == [
        ("the data-protection authority", "on their page"),
        ("2 clients", "given a notice each"),
    ]
    assert there(practice) == []
    assert wrong(practice) == []


def test_the_letters_are_those_that_are_true_here_and_what_is_known_stands_in_them(practice):
    matter_id = begun(practice)
    with practice.visit("Olaf") as visit:
        kinds = {
            to: letter_to(visit, packs(), to).id for to in ("client", "media", "oversight_agency")
        }
        assert kinds == {
            "client": "breach_notice.us",
            "media": "breach_media.us",
            "oversight_agency": "breach_authority.us",
        }
        _, draft = filled(visit, packs(), incident(visit, matter_id), "oversight_agency")
        assert "A laptop was stolen" in draft.text
        assert "who was told" in {one.name for one in draft.open}
        with pytest.raises(BadInput, match="no letter has"):
            write(visit, packs(), incident(visit, matter_id), {"what happend": "x"})
