"""A danger and a suspicion: what was found out, said, weighed and told, and how it ended."""

import contextlib

from angerona.errors import BadInput
from angerona.gate.results import Proposed
from angerona.notices.structured import Weighed, WhatIsTold
from angerona.practice.crisis import pass_on_danger, who_weighs
from angerona.practice.handing_over import HandedOver, Outgoing
from angerona.practice.matters import Matter, found
from angerona.practice.speaking import leaving_of, proposed, wish_for
from angerona.practice.telling import (
    about_telling,
    before_telling,
    case_of,
    clocks,
    find_out,
    go_on,
    is_settled,
    missing_law,
    new_case,
    others,
    questions,
    shown,
    start,
    whom,
    whom_one,
    wish_to,
)
from angerona.practice.told import (
    Call,
    end,
    hand_over_in_writing,
    keep_facts,
    keep_weighed,
    limits,
    may_know,
    notice_of,
    stay_silent,
    still_owed,
    tell,
    write_to,
)
from small_practice import AT

CHILD = {
    "abuse.suspected": True,
    "abuse.victim": "child",
    "abuse.learned_professionally": True,
    "us_ca.pregnancy_alone": False,
}


def alarms(desk):
    """By telephone and in writing, with the words of both; what was weighed; told and not told."""
    ada, door = desk.clients["Ada"], desk.door
    with desk.visit("Olaf") as visit:
        who_weighs(visit, ada)
        pass_on_danger(visit, ada, how="caller")
    with desk.visit("Tess") as visit:
        for kind, to, facts in (
            ("danger", "police", desk.threat),
            ("report", "child_protection", CHILD),
        ):
            case = new_case(door, visit, ada, kind, learned=AT, facts=facts)
            seen = whom(case)
            questions(case, shown(case, seen))
            for one in seen:
                about_telling(case, one)
            assert not missing_law(case)
            assert clocks(case, seen) or kind == "danger"
            assert others(case)
            before_telling(case, seen)
            wish_for(door, case.asked, ada)
            matter = found(visit, start(case, kind), (kind,))
            matter = find_out(case, matter, {"client.unsafe_to_tell": False})
            notice_of(case_of(door, visit, matter))
            matter = stay_silent(door, visit, matter)
            form = WhatIsTold(facts=(("danger", desk.typed("whatistold")),))
            matter = keep_facts(door, visit, matter, form)
            weighed = Weighed(
                silence=desk.typed("ifsilent"),
                speech=desk.typed("ifspoken"),
                consulted=desk.typed("whowasasked"),
            )
            matter = keep_weighed(door, visit, matter, weighed)
            assert isinstance(matter, Matter)
            call = Call(
                to=to,
                at=AT,
                name=desk.typed("spoketo"),
                said=desk.typed("whatwassaid"),
                checked=True,
            )
            matter = tell(door, visit, matter, call)
            assert isinstance(matter, Matter), matter
            assert still_owed(visit, matter)
            limits(case_of(door, visit, matter), matter, to)
            case = case_of(door, visit, matter)
            assert whom_one(case, to).outcome in {"require", "permit"}
            wish_to(case, to, checked=True)
            assert is_settled(case)
            matter = go_on(case, matter, "looked at it again")
            matter = write_to(door, visit, matter, to, ())
            now = proposed(door, visit, matter)
            assert isinstance(now, Proposed), now
            outgoing = Outgoing(leaving=leaving_of(door, matter), form="json", seen=now.seen)
            assert isinstance(hand_over_in_writing(door, visit, matter, outgoing), HandedOver)
            matter = found(visit, matter.matter_id)
            with contextlib.suppress(BadInput):
                matter = may_know(door, visit, matter)
            end(door, visit, matter, "told")
