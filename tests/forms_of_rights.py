"""The forms by which a client asks for something by right, and by which it is answered."""

from angerona.practice.access import Decision, decide_copy, take_copy
from angerona.practice.asked_for import ASKER, asker_by_word
from angerona.practice.matters import found
from angerona.practice.restrictions import Wanted, agree
from angerona.practice.rights import Asked, ask

TEXT = "please do this"
LETTER = "You asked us. This is our answer."
OPEN = {"us_hipaa.access_endangers": False, "us_hipaa.third_party_harm": False}
WHY = {"why": "it could put somebody in danger", "contact": "Olaf, 555 0100", "letter": LETTER}
SETTLED = {f"fact:{name}": "no" for name in OPEN}
PAYER = Wanted(classes=("history",), to=("payer",), purposes=("payment",))
ENDANGERS = "us-hipaa.right.access:3"


def begun(world, right="complaint", *, checked="passport", **more):
    """A right that Tess took down: the id of its matter."""
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    asked = Asked(right=right, text=TEXT, how="letter", checked=checked, more=more)
    with practice.visit("Tess") as visit:
        return ask(practice.door, visit, ada, asked)[0]


def ready(world, **kept):
    """A copy that Ada asked for, decided and ready to be taken."""
    practice, matter_id = world.site.practice, begun(world, "copy")
    decision = Decision(facts=OPEN, kept_back=kept.get("kept", {}), **WHY)
    with practice.visit("Tess") as visit:
        decide_copy(practice.door, visit, found(visit, matter_id), decision)
    return matter_id


def of_somebody_else(world):
    asker = asker_by_word("parent", "Wanda Invented", "").as_json()
    matter_id = begun(world, **{ASKER: asker})
    fields = {"who": "representative", "asker": "Wanda Invented", "paper": "a power"}
    return "Tess", f"/rights/{matter_id.hex()}/weigh", fields


def of_right(path, right="complaint", **fields):
    def form(world):
        matter_id = begun(world, right)
        return "Tess", f"/rights/{matter_id.hex()}/{path}", fields

    return form


def restricted(world):
    practice, matter_id = world.site.practice, begun(world, "restriction", **PAYER.as_json())
    with practice.visit("Tess") as visit:
        return agree(practice.door, visit, found(visit, matter_id), letter=LETTER).hex()


def looked_at_again(world):
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    risk = next(one.entry_id for one in practice.vault.places(ada) if one.wanted == "risk")
    matter_id = ready(world, kept={risk: ENDANGERS})
    with practice.visit("Tess") as visit:
        take_copy(practice.door, visit, found(visit, matter_id), how="by hand")
    return "Ada", f"/me/rights/{matter_id.hex()}/again", {}


TAKEN = {
    "right": "copy",
    "text": TEXT,
    "how": "letter",
    "received": "2026-03-02T09:30",
    "checked": "passport",
}
RIGHTS_MAKE = {
    "/clients/{client}/rights/new": lambda world: (
        "Tess",
        f"/clients/{world.ada}/rights/new",
        TAKEN,
    ),
    "/clients/{client}/rights/ended": lambda world: (
        "Tess",
        f"/clients/{world.ada}/rights/ended",
        {"ended": "2026-02-27"},
    ),
    "/clients/{client}/rights/suspend": lambda world: (
        "Thea",
        f"/clients/{world.ada}/rights/suspend",
        {"to": "police", "recipient": "", "until": "2026-03-20", "oral": "yes"},
    ),
    "/clients/{client}/restrictions/{restriction}/end": lambda world: (
        "Tess",
        f"/clients/{world.ada}/restrictions/{restricted(world)}/end",
        {},
    ),
    "/rights/{asked}/weigh": of_somebody_else,
    "/rights/{asked}/identity": lambda world: (
        "Tess",
        f"/rights/{begun(world, checked='').hex()}/identity",
        {"checked": "passport seen"},
    ),
    "/rights/{asked}/longer": of_right("longer", "correction", reasons="The old file is away."),
    "/rights/{asked}/pass-on": lambda world: (
        "Tess",
        f"/rights/{begun(world).hex()}/pass-on",
        {"handler": world.person("Olaf")},
    ),
    "/rights/{asked}/answer": of_right("answer", outcome="granted", letter=LETTER),
    "/rights/{asked}/copy": of_right("copy", "copy", act="decide", **WHY, **SETTLED),
    "/rights/{asked}/give": lambda world: (
        "Tess",
        f"/rights/{ready(world).hex()}/give",
        {"how": "by hand"},
    ),
    "/me/rights/new/{right}": lambda _: ("Ada", "/me/rights/new/copy", {"text": TEXT}),
    "/me/rights/{asked}/copy": lambda world: (
        "Ada",
        f"/me/rights/{ready(world).hex()}/copy",
        {},
    ),
    "/me/rights/{asked}/again": looked_at_again,
    "/me/restrictions/{restriction}/end": lambda world: (
        "Ada",
        f"/me/restrictions/{restricted(world)}/end",
        {},
    ),
}
"""Every form that does something, with what it is sent."""
RIGHTS_LOOK = {
    *("/clients/{client}/rights/account", "/me/rights/account", "/rights/{asked}/write"),
}
RIGHTS_SHOWN_ONCE = {"/rights/{asked}/give", "/me/rights/{asked}/copy"}
