"""Who stands for a client, how old the client is, and that one has died."""

import datetime

from angerona.gate.gathering import Wish
from angerona.practice import deaths, joint_records, maturity, representatives
from angerona.practice.consents import keep_consent
from small_practice import AT

TODAY = AT.date()
YEAR = datetime.timedelta(days=366)


def standing(desk):
    """Papers, reasons, maturity, a death that is taken back, the round of a day."""
    otto = desk.clients["Otto"]
    new = representatives.NewRepresentative(
        name=desk.typed("mother"),
        standing="parent",
        paper=desk.typed("paper"),
        powers=("consent", "copies"),
        since=TODAY,
        review=TODAY + YEAR,
    )
    with desk.visit("Tess") as visit:
        maturity.set_born(visit, otto, TODAY - 17 * YEAR)
        found = {"mature": True, "own_consent": None, "why": desk.typed("ground")}
        maturity.find_mature(visit, otto, "talking", **found)
        one = representatives.enter_representative(visit, otto, new)
        document = {
            "by": "parent",
            "form": "general",
            "classes": ["diagnosis"],
            "to": ["school"],
            "purposes": ["education"],
            "from": None,
            "until": None,
            "revoked": None,
            "elements": {},
        }
        keep_consent(visit, otto, document, signer=one)
        representatives.check_again(visit, otto, one, review=TODAY)
        representatives.freeze(visit, otto, one, desk.typed("reason"))
        representatives.thaw(visit, otto, one, desk.typed("reason"))
        seen = representatives.standing_of(visit, otto)
        assert representatives.representatives_in(seen, visit, desk.packs)
        assert representatives.ages_of(desk.vault, desk.packs)
    assert maturity.raise_what_comes(desk.vault, desk.packs, AT)
    with desk.visit("Tess") as visit:
        representatives.end_representative(visit, otto, one)
        deaths.record_death(visit, otto, day=TODAY, source=desk.typed("source"))
        assert deaths.goes_on(desk.vault, desk.packs)
        deaths.take_back_death(visit, otto)
    with desk.visit("Ada") as visit:
        assert not representatives.own_representatives(visit)


def together(desk):
    """A record of two, whose words it holds, what each signed, and what each is shown of it."""
    ada, otto = desk.clients["Ada"], desk.clients["Otto"]
    names = {one: desk.typed("firstname").split()[-1] for one in (ada, otto)}
    with desk.visit("Tess") as visit:
        both = joint_records.begin_joint(visit, desk.typed("pair"), names)
        assert joint_records.joint_records_of(visit, ada)
    text = f"{names[ada]}: {desk.typed('mine')}\n\n{names[otto]}: {desk.typed('his')}"
    desk.practice.keep("Tess", both, "shared_record", text, heading=desk.typed("heading"))
    facts = {"recipient.identity_verified": True, "us_hipaa.access_endangers": False}
    wish = Wish(wants=(), to="client", purpose="client_request", facts=facts)
    with desk.visit("Tess") as visit:
        joint_records.parties_of(visit, both)
        own = joint_records.own_words(desk.door, visit, both, ada, wish)
        desk.door.release(
            visit, both, own.wish, entry_ids=own.entry_ids, recipient=desk.typed("who")
        )
    with desk.visit("Ada") as visit:
        joint_records.lines_for_party(desk.door, visit)
    with desk.visit("Tess") as visit:
        joint_records.leave_joint(visit, both)
