"""The forms for papers of a court, a lawyer or an authority, each with something to work on."""

from angerona.practice.legal_holds import holds_on
from angerona.practice.requests import NewRequest, take_down
from angerona.practice.speaking import Asked
from prepared_practice import AT
from second_readings import WISH

SUBPOENA = {
    "to": "opposing_attorney",
    "name": "A lawyer",
    "reach": "2 Quay Street",
    "reference": "24/117",
    "instrument": "subpoena_attorney",
    "purpose": "legal_proceeding",
    "received": "2026-03-02T09:30",
    "may_tell": "yes",
}


def paper(world, name="Tess", **more):
    """A paper about Ada that was taken down: the address of its request."""
    fields = {**SUBPOENA, "client": world.ada, **more}
    return world.visitors[name].post("/requests/new", fields).to.partition("?")[0]


def lifted(world):
    paper(world)
    world.visitor("Olaf")
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    with practice.visit("Olaf") as visit:
        [one, *_] = holds_on(visit, ada)
    path = f"/clients/{world.ada}/holds/{one.matter_id.hex()}/lifted"
    return "Olaf", path, {"reason": "the case is over"}


SEEN = {"title": "order", "signer": "judge", "names_court": "yes", "commands": "records"}


def apart(world):
    return "Tess", f"{paper(world, instrument='written_request')}/paper", SEEN


def read(world):
    name, path, fields = apart(world)
    assert world.visitors[name].post(path, fields).status == 303
    return name, f"{path}/read", {"names": ["diagnosis"], "to": "court"}


def to_the_judge(world):
    name, path, _ = apart(world)
    assert world.visitors[name].post(path, SEEN).status == 303
    return name, f"{path.removesuffix('paper')}judge", {"court": "Court, the judge"}


def wishes_first(world):
    return "Tess", f"{paper(world)}/wished", {"wished": "2026-03-02T09:20"}


def narrowed(world):
    """A judge's order that names more than may go."""
    client_id, practice = bytes.fromhex(world.ada), world.site.practice
    world.visitor("Tess")
    with practice.visit("Tess") as visit:
        asked = Asked(
            to="court",
            purpose=WISH.purpose,
            instrument=WISH.instrument,
            received=AT,
            wants=(*WISH.wants, "psychotherapy_note"),
            facts=dict(WISH.facts),
        )
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        matter_id = take_down(practice.door, visit, new)
    return "Tess", f"/requests/{matter_id.hex()}/narrow", {}


PAPER_FORMS = {
    "/requests/{matter}/narrow": narrowed,
    "/requests/{matter}/wished": wishes_first,
    "/requests/{matter}/judge": to_the_judge,
    "/requests/{matter}/paper": apart,
    "/requests/{matter}/paper/read": read,
    "/clients/{client}/holds/{matter}/lifted": lifted,
}
PAPER_SETS = (
    "/at-the-door",
    "/requests/{matter}/privilege-log",
    "/clients/{client}/produced/{packet}",
)
"""Forms that set a paper or a list and change nothing."""
