"""The forms of the privacy officer and of paper, each with what it is sent (`every_form.py`)."""

from angerona.practice.caseload import met
from angerona.practice.watching import watch


def saved(world):
    path = world.found("Tess", f"/clients/{world.ada}", r"(/clients/\w{32}/entries/\w{32}/file)")
    return "Tess", path, {"version": "1", "for": "read", "until": ""}


def paper_gone(world):
    name, path, fields = saved(world)
    world.visitors[name].post(path, fields)
    return name, world.found(name, "/papers", r"(/papers/\w{32})"), {"end": "destroyed"}


def broken_glass(world, name="Cora"):
    """A look past the usual way, which waits for its review."""
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    practice.open(name, world.site.clock())
    facts = {"care.break_glass_reason": True}
    at = world.site.clock()
    practice.look(name, ada, at, purpose="emergency", facts=facts, reason="she called")


def reviewed(world, outcome="in_order"):
    broken_glass(world)
    path = world.found("Thea", "/oversight", r"(/oversight/reviews/\w{32})")
    return "Thea", path, {"outcome": outcome, "why": "it was asked for", "outside": ""}


def noticed(world):
    practice, at = world.site.practice, world.site.clock()
    practice.open("Bill", at)
    with practice.visit("Bill", at) as visit:
        met(visit, bytes.fromhex(world.ada))
    watch(practice.vault, at)
    path = world.found("Thea", "/oversight", r"(/oversight/noticed/\w{32})")
    return "Thea", path, {"outcome": "explained", "why": "a bill came back", "outside": ""}


def talked(world):
    name, path, fields = reviewed(world, "talk")
    world.visitors[name].post(path, fields)
    return name, world.found(name, "/oversight", r"(/oversight/talks/\w{32})"), {"how": "we spoke"}


def deadline(world):
    world.visitors["Tess"].post(f"/clients/{world.ada}/copy", {"for": "read"})
    path = world.found("Tess", "/deadlines", r'action="(/deadlines/\w{32}/\w{32})"')
    return "Tess", path, {"how": "it was shredded"}


OFFICERS = {
    "/deadlines/{client}/{duty}": deadline,
    "/clients/{client}/entries/{entry}/file": saved,
    "/papers/{duty}": paper_gone,
    "/oversight/reviews/{duty}": reviewed,
    "/oversight/noticed/{duty}": noticed,
    "/oversight/talks/{duty}": talked,
    "/oversight/hours": lambda _: (
        "Thea",
        "/oversight/hours",
        {"day": ["0", "1"], "opens": "08:00", "closes": "18:30"},
    ),
    "/clients/{client}/watched": lambda world: (
        "Tess",
        f"/clients/{world.ada}/watched",
        {"watched": "yes"},
    ),
}
