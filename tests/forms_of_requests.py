"""The forms about requests, and about what leaves under a matter."""

from angerona.practice.matters import found
from angerona.practice.requests import NewRequest, take_down
from angerona.practice.second_readers import answer, waiting
from angerona.practice.speaking import Asked, choose
from prepared_practice import AT
from second_readings import COURT, WISH

REQUEST = {
    "to": "insurer",
    "name": "Harbour Mutual",
    "instrument": "written_request",
    "purpose": "insurance",
    "received": "2026-03-02T09:30",
    "may_tell": "yes",
}


def request(world, *, client=True):
    """A request that is taken down: its address."""
    fields = {**REQUEST, "client": world.ada if client else ""}
    return world.visitors["Tess"].post("/requests/new", fields).to.partition("?")[0]


def of_request(path, *, client=True, **fields):
    return lambda world: ("Tess", f"{request(world, client=client)}/{path}", fields)


def ordered(world, *, chosen=True):
    """What a court orders, taken down with all that was found out: the address of the matter."""
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    asked = Asked(
        to="court",
        purpose=WISH.purpose,
        instrument=WISH.instrument,
        received=AT,
        wants=WISH.wants,
        name=COURT,
        facts=dict(WISH.facts),
    )
    entries = [one.entry_id for one in practice.vault.places(ada) if one.wanted in WISH.wants]
    with practice.visit("Tess") as visit:
        matter_id = take_down(
            practice.door, visit, NewRequest(asked=asked, client_id=ada, may_tell=True)
        )
        if chosen:
            choose(visit, found(visit, matter_id), entries)
    return f"/matters/{matter_id.hex()}"


def an_answer(world):
    fields = {"fact": "client.age", "value": "34"}
    return "Tess", f"{ordered(world)}/answers", fields


def chosen(world):
    about = ordered(world, chosen=False)
    return "Tess", f"{about}/choose", {"entry": world.entry("progress_note")}


def pared(world):
    about = ordered(world)
    entry = world.found("Tess", f"{about}/choose", r'name="entry" value="(\w{32})"')
    fields = {"version": "1", "words": "nobody else", "then": "back"}
    return "Tess", f"{about}/entries/{entry}", fields


def asked_second(world):
    fields = {"reader": world.person("Thea"), "why": "the order is here"}
    return "Tess", f"{ordered(world)}/reader", fields


def as_agreed(world):
    """What a colleague has narrowed, taken over."""
    name, path, fields = asked_second(world)
    world.visitors[name].post(path, fields)
    with world.site.practice.visit("Thea") as visit:
        [one] = waiting(visit)
        entries = [bytes.fromhex(entry) for entry, *_ in one.terms["entries"][:1]]
        answer(visit, one.duty.duty_id, "narrowed", why="as ordered", entry_ids=entries)
    about = path.rpartition("/")[0]
    agreed = world.found(name, f"{about}/leaves", r'name="agreed" value="(\w{32})"')
    return name, f"{about}/agreed", {"agreed": agreed}


def left(world):
    """What a colleague has agreed to, handed over."""
    name, path, fields = asked_second(world)
    world.visitors[name].post(path, fields)
    practice = world.site.practice
    with practice.visit("Thea") as visit:
        [one] = waiting(visit)
        answer(visit, one.duty.duty_id, "agreed", why="as ordered")
    about = path.rpartition("/")[0]
    seen = world.found(name, f"{about}/leaves", r'name="seen" value="(\w{64})"')
    return name, f"{about}/leaves", {"seen": seen, "how": "by post", "form": "json"}


def held(world):
    fields = {**REQUEST, "client": world.ada, "may_tell": "no"}
    path = world.visitors["Tess"].post("/requests/new", fields).to.partition("?")[0]
    return "Tess", f"{path}/tell", {}


REQUESTS = {
    "/requests/new": lambda world: ("Tess", "/requests/new", {**REQUEST, "client": world.ada}),
    "/requests/{matter}/about": lambda world: (
        "Tess",
        f"{request(world, client=False)}/about",
        {"client": "Ada"},
    ),
    "/requests/{matter}/who-asks": of_request("who-asks", asker=""),
    "/requests/{matter}/pass-on": lambda world: (
        "Tess",
        f"{request(world)}/pass-on",
        {"handler": world.person("Olaf")},
    ),
    "/requests/{matter}/tell": held,
    "/requests/{matter}/end": of_request("end", answer="refused", how="by post"),
    "/matters/{matter}/answers": an_answer,
    "/matters/{matter}/choose": chosen,
    "/matters/{matter}/entries/{entry}": pared,
    "/matters/{matter}/leaves": left,
    "/matters/{matter}/reader": asked_second,
    "/matters/{matter}/agreed": as_agreed,
}
