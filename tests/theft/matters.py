"""What is begun and not settled, with names, signs and papers of those who ask; what leaves."""

import contextlib

from angerona.errors import BadInput, Unknown
from angerona.gate.paring import LeftOut
from angerona.gate.results import Proposed
from angerona.practice import preparing
from angerona.practice.clients import reaches
from angerona.practice.court_orders import (
    Reading,
    Seen,
    choices,
    for_judge_alone,
    not_in_camera,
    pictures,
    read_off,
    seen_in,
    tell_apart,
    told_apart,
)
from angerona.practice.handing_over import HandedOver, Outgoing, rehearse
from angerona.practice.kept_packets import forget_packets, have_again, kept_packets, let_go
from angerona.practice.legal_holds import check_not_held, hold, holds_on, is_held, lift
from angerona.practice.matters import (
    Step,
    advance,
    after_it_left,
    as_it_is_now,
    begin,
    found,
    leaves_once,
    open_matters,
    settle,
)
from angerona.practice.narrowing import letter_that_narrows, narrow, narrower
from angerona.practice.ordered import ordered
from angerona.practice.preparing import as_it_goes, look_at, may_wish, usual_purpose, wished
from angerona.practice.privilege_log import log_csv, log_pdf, privilege_log
from angerona.practice.produced import produced_csv, produced_of, produced_pdf
from angerona.practice.redacting import sentences, suggestions
from angerona.practice.requests import (
    NewRequest,
    answer_with,
    answer_without,
    inbox,
    is_about,
    may_be_told,
    pass_on,
    request,
    says_who,
    take_down,
)
from angerona.practice.speaking import (
    Asked,
    agreed_to_less,
    ask_again,
    asked_in,
    choose,
    found_out,
    is_agreed,
    keep_asked,
    least,
    leave_out,
    leaving_of,
    next_question,
    of_the_days,
    proposed,
    spans_of,
    sparing,
    take_as_agreed,
    told,
)
from small_practice import AT
from theft.breaches import incidents


def matters(desk):
    """One about a client and one about nobody; a step, a hold, an end; incidents, requests."""
    incidents(desk)
    requests(desk)
    papers(desk)
    with desk.visit("Olaf") as visit:
        assert is_held(visit, desk.clients["Ada"])
        for one in holds_on(visit, desk.clients["Ada"]):
            lift(visit, one.matter_id, reason=desk.typed("liftedwhy"))
    with desk.vault.store.snapshot() as reading:
        check_not_held(desk.vault, reading, desk.clients["Ada"])
    ada = desk.clients["Ada"]
    for client_id in (ada, None):
        content = {"name": desk.typed("whoasks"), "reference": desk.typed("sign")}
        said = {"to": "insurer", "recipient": desk.typed("asker")}
        step = Step(what="took down a request", said=said, content=content, client_id=client_id)
        with desk.visit("Tess") as visit:
            matter_id = begin(visit, "request", step)
            assert open_matters(visit)
            matter = advance(visit, found(visit, matter_id), Step(what="answered", said=said))
            assert leaves_once(visit, as_it_is_now(visit, matter))
            after_it_left(visit, matter, lambda now: now.kind)
            if client_id is not None:
                settle(visit, matter, Step(what="let it be", said={}))


def requests(desk):
    """Taken down for nobody, found, passed on, answered: by a packet with gaps, by a letter."""
    ada, entry_id = desk.clients["Ada"], desk.entries["risk"]
    asked = Asked(
        to="police",
        purpose="protection",
        instrument="own_initiative",
        received=AT,
        wants=("risk",),
        name=desk.typed("officername"),
        reach=desk.typed("officerreach"),
        reference=desk.typed("officersign"),
        about=desk.typed("aboutwhom"),
    )
    with desk.visit("Tess") as visit:
        for is_secret in (False, True):
            new = NewRequest(asked=asked, may_tell=not is_secret)
            matter = is_about(
                desk.door, visit, request(visit, take_down(desk.door, visit, new)), ada
            )
            assert inbox(visit, client_id=ada)
            matter = says_who(desk.door, visit, matter, asker=None, party=None)
            matter = pass_on(visit, matter, desk.person("Tess"))
            hold(visit, ada, "court_order", held_until=None)
            if is_secret:
                matter = may_be_told(visit, matter)
                answer_without(visit, matter, "refused", how=desk.typed("sentby"))
                continue
            matter = ask_again(desk.door, visit, matter, next(iter(desk.threat)))
            matter = found_out(desk.door, visit, matter, desk.threat)
            next_question(told(desk.door, visit, matter), asked_in(matter))
            previewed = desk.door.preview(visit, ada, leaving_of(desk.door, matter).wish)
            assert least(previewed.would_go, sparing(previewed))
            matter = choose(visit, matter, [entry_id])
            assert reaches(visit.person, desk.door.vault.authority(ada), visit.at)
            now = proposed(desk.door, visit, matter)
            matter = looked_at(desk, visit, matter)
            [(place, entry)] = as_it_goes(desk.door, visit, matter, now)
            of_the_days(
                asked_in(matter), [place], {entry_id: entry}, desk.door.vault.practice().zone
            )
            assert sentences(entry.text)
            suggestions(visit, ada, entry.text)
            assert not spans_of(entry.text, [desk.typed("nowhere")])
            matter = leave_out(visit, matter, LeftOut(entry_id, 1, ((0, 9),)))
            matter = keep_asked(visit, matter, asked_in(matter), "looked at it again")
            now = proposed(desk.door, visit, matter)
            assert isinstance(now, Proposed), now
            assert not is_agreed(visit, matter, now)
            assert not agreed_to_less(visit, matter, now)
            with contextlib.suppress(Unknown):
                take_as_agreed(desk.door, visit, matter, entry_id)
            known = told(desk.door, visit, matter)
            said, leaving = (known.ask, known.answer), leaving_of(desk.door, matter)
            rehearse(desk.door, visit, Outgoing(leaving=leaving), said, now.going)
            outgoing = Outgoing(leaving=leaving, form="json", seen=now.seen, is_kept=True)
            assert isinstance(answer_with(desk.door, visit, matter, outgoing), HandedOver)
            listed(desk, visit)


def looked_at(desk, visit, matter):
    """What may go is read by whoever answers; the client wishes to read it first."""
    assert not may_wish(told(desk.door, visit, matter).answer)
    matter = wished(visit, matter, AT)
    assert preparing.said(matter, "treatment").what
    assert usual_purpose(visit, desk.clients["Ada"]) == "treatment"
    assert look_at(desk.door, visit, matter, [desk.entries["risk"]])
    return matter


def listed(desk, visit):
    """What left, had again as the same file, and as a list for a court."""
    [one] = kept_packets(visit)
    assert have_again(desk.door, visit, one.packet_id)
    forget_packets(desk.vault, visit.at)
    let_go(visit, one.packet_id)
    packet, *_ = produced_of(desk.door, visit, desk.clients["Ada"])
    zone = desk.door.vault.practice().zone
    assert produced_csv(packet)
    assert produced_pdf(packet, practice="Quiet Rooms", zone=zone, at=AT, paper="a4")


def papers(desk):
    """A court's order, told apart and read."""
    asked = Asked(
        to="court",
        purpose="legal_proceeding",
        instrument="written_request",
        received=AT,
        name=desk.typed("courtname"),
        reference=desk.typed("casenumber"),
    )
    seen = Seen(title="order", signer="judge", names_court=True, commands="records")
    assert told_apart(seen).looks
    assert {one.instrument for one in pictures()}
    assert choices("titles")
    reading = Reading(classes=("diagnosis",), to="court", is_secret=True, facts={})
    with desk.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=desk.clients["Ada"], may_tell=True)
        matter = request(visit, take_down(desk.door, visit, new))
        matter = tell_apart(desk.door, visit, matter, seen)
        assert seen_in(asked_in(matter)) == seen
        matter = read_off(desk.door, visit, matter, reading)
        matter = for_judge_alone(desk.door, visit, matter, desk.typed("whichjudge"))
        matter = not_in_camera(desk.door, visit, matter)
        assert narrower(desk.door, visit, matter) is None
        assert not letter_that_narrows(desk.door, visit, matter)
        with contextlib.suppress(BadInput):
            narrow(desk.door, visit, matter)
        kept = privilege_log(desk.door, visit, matter)
        assert log_csv(kept)
        assert ordered(desk.door, visit, matter)
        assert log_pdf(kept, practice="Quiet Rooms", at=AT, paper="a4").startswith(b"%PDF")
