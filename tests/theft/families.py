"""Who stands for a client, how old the client is, and that one has died."""

import datetime

from angerona.practice import deaths, maturity, representatives
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
