"""What a client asks for as a right, with everything that is typed on the way to its answer."""

import datetime

from angerona.errors import BadInput, Unknown
from angerona.practice import asked_for
from angerona.practice.access import (
    Decision,
    again_from,
    can_take_it_oneself,
    decide_copy,
    previewed,
    reviewable,
    take_copy,
)
from angerona.practice.accounting import account_of, suspend
from angerona.practice.corrections import correct, place_statement, rebut
from angerona.practice.erasure_asked import erase_all, itemised, refuse_in_part
from angerona.practice.keeping_times import (
    MustStay,
    in_a_sentence,
    must_stay,
    set_treatment_ended,
    still_running,
)
from angerona.practice.matters import found
from angerona.practice.restrictions import Wanted, agree, end, refuse, restrictions_of
from angerona.practice.rights import (
    Asked,
    answer,
    ask,
    check_identity,
    complaint_lines,
    extend,
    keep_letter,
    longer,
)
from small_practice import AT

OPEN = {"us_hipaa.access_endangers": False, "us_hipaa.third_party_harm": False}
ENDANGERS = "us-hipaa.right.access:3"
ACCURATE = "us-hipaa.right.amend:3"


def rights(desk):
    """A copy with a part kept back and a second look; a correction; a restriction; the rest."""
    ada = desk.clients["Ada"]
    copies(desk, ada)
    corrections(desk, ada)
    wanted = Wanted(classes=("history",), to=("payer",), purposes=("payment",))
    restriction_id = agree_and_refuse(desk, ada, wanted)
    with desk.visit("Ada") as visit:
        assert restrictions_of(visit, ada)
        end(visit, ada, restriction_id)
    with desk.visit("Olaf") as visit:
        until = AT + datetime.timedelta(days=9)
        recipient = desk.typed("agency")
        suspend(visit, ada, to="police", recipient=recipient, until=until, is_oral=True)
        account = account_of(desk.door, visit, ada, facts={"recipient.identity_verified": True})
        assert account.as_csv()
        assert account.as_text()
        set_treatment_ended(visit, ada, AT.date())
        kept = (*must_stay(desk.door, visit, ada), MustStay("xx.keep", "X 1", "long", AT, ""))
        assert in_a_sentence(kept[-1], datetime.UTC)
        assert still_running((), AT) == ()
        itemised(desk.door, visit, ada)
        assert not account.about(()).shared
        complaint_lines(desk.door)
    in_place(desk, ada)
    gone = begun(desk, ada, "erasure")
    with desk.visit("Olaf") as visit:
        matter = found(visit, gone)
        erase_all(desk.door, visit, matter, reason=desk.typed("erased for"), facts={})
        letter = desk.typed("letter")
        refuse_in_part(desk.door, visit, matter, letter=letter, reason="", forget_contact=False)


def begun(desk, client_id, right, **more):
    given = Asked(
        right=right,
        text=desk.typed(f"asked {right}"),
        how="letter",
        checked=desk.typed("passport"),
        more=more,
    )
    with desk.visit("Tess") as visit:
        return ask(desk.door, visit, client_id, given)[0]


def in_place(desk, ada):
    """Somebody asks in the client's place, by a word and a paper, and is weighed and refused."""
    by_word = asked_for.asker_by_word("representative", desk.typed("asks"), desk.typed("paper"))
    matter_id = begun(desk, ada, "accounting", **{asked_for.ASKER: by_word.as_json()})
    with desk.visit("Tess") as visit:
        with desk.refused(Unknown):
            asked_for.asker_on_file(visit, ada, bytes(16))
        matter = found(visit, matter_id)
        assert asked_for.asker_in(matter.content) == by_word
        matter = asked_for.says_asker(visit, matter, by_word)
        asked_for.for_asker(matter.content, asked_for.weighing(desk.door, matter))
        assert asked_for.weighed(desk.door, visit, matter) is not None
        assert asked_for.is_stranger(desk.door, visit, matter)
        assert asked_for.may_know_of(desk.door, visit, matter) == frozenset()
        with desk.refused(BadInput):
            asked_for.check_stands(desk.door, visit, matter)
        answer(desk.door, visit, matter, "refused", desk.typed("letter"))


def copies(desk, ada):
    risk = desk.entries["risk"]
    first = begun(desk, ada, "copy")
    kept = {"why": desk.typed("why"), "contact": desk.typed("contact"), "letter": desk.typed("l")}
    with desk.visit("Tess") as visit:
        matter = check_identity(desk.door, visit, found(visit, first), desk.typed("seen"))
        previewed(desk.door, visit, matter, OPEN)
        given = Decision(kept_back={risk: ENDANGERS}, facts=OPEN, **kept)
        matter = decide_copy(desk.door, visit, matter, given)
        can_take_it_oneself(desk.door, matter)
        assert take_copy(desk.door, visit, matter, how=desk.typed("handed")).data
        again = again_from(desk.door, visit, ada, first)
    assert reviewable(desk.door, {"kept_back": {risk.hex(): ENDANGERS}})
    second = begun(desk, ada, "review", **again)
    with desk.visit("Tess") as visit:
        given = Decision(outside=desk.typed("outside"), facts=OPEN, **kept)
        matter = decide_copy(desk.door, visit, found(visit, second), given)
        take_copy(desk.door, visit, matter, how="by hand")


def corrections(desk, ada):
    about = {"entry": desk.entries["history"].hex()}
    with desk.visit("Tess") as visit:
        matter = found(visit, begun(desk, ada, "correction", **about))
        assert longer(desk.door, matter)
        matter = extend(desk.door, visit, matter, desk.typed("more time"))
        keep_letter(desk.door, visit, matter, desk.typed("heading"), desk.typed("body"))
        text, letter = desk.typed("corrected"), desk.typed("letter")
        correct(desk.door, visit, matter, text, letter=letter, facts={})
    with desk.visit("Tess") as visit:
        matter = found(visit, begun(desk, ada, "statement", **about))
        place_statement(desk.door, visit, matter, facts={})
        rebut(desk.door, visit, ada, desk.entries["history"], desk.typed("no"), facts={})


def agree_and_refuse(desk, ada, wanted):
    with desk.visit("Tess") as visit:
        matter = found(visit, begun(desk, ada, "restriction", **wanted.as_json()))
        restriction_id = agree(desk.door, visit, matter, letter=desk.typed("agreed"))
    with desk.visit("Tess") as visit:
        matter = found(visit, begun(desk, ada, "restriction", **wanted.as_json()))
        with desk.refused(BadInput):
            refuse(desk.door, visit, matter, letter="", reason=desk.typed("reason"))
        refuse(desk.door, visit, matter, letter=desk.typed("refused"))
    return restriction_id
