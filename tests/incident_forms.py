"""The forms about incidents, each where it can do its work; `every_form.py` sends them."""

import re

NOTICE = re.compile(r"/incident-notices/([0-9a-f]{32})")

REPORT = {
    "words": "A letter went to a former address",
    "cause": "misdelivery",
    "affected": "one client",
    "discovered": "2026-03-02T09:00",
    "happened": "",
}
KNOWN = {
    "fact:incident.unsecured": "yes",
    "fact:incident.impermissible": "yes",
    "fact:incident.excluded": "no",
    "fact:incident.low_probability": "no",
    "fact:incident.people": "2",
    "fact:incident.people_in_one_state": "2",
    "fact:incident.at_business_associate": "no",
    "fact:incident.police_delay": "no",
}
HARMLESS = {**KNOWN, "fact:incident.low_probability": "yes"}
HHS = "us-hipaa.breach.hhs_small:data_protection_authority"
GONE = {
    "act": "add",
    "by": "stolen",
    "keys": "boot",
    "since": "2026-03-02T09:00",
    "until": "2026-03-02T09:30",
}
BLANKS = {
    f"blank:{name}": f"what is said of {name}"
    for name in (
        "what happened and when",
        "steps to protect oneself",
        "what we are doing",
        "contact",
    )
}
NONE = {"who": "nobody", "why": "it came back unopened"}


def begun(world):
    """An incident that Tess has reported; its address."""
    return world.visitors["Tess"].post("/incidents", REPORT).to.partition("?")[0]


def given_out(site):
    """An incident that Tess reported, and a notice of it to Ada; their ids as digits."""
    tess, thea = site.in_session("Tess"), site.in_session("Thea")
    at = tess.post("/incidents", REPORT).to.partition("?")[0]
    for behind, said in (*LISTED, ("/notices", {})):
        assert thea.post(f"{at}{behind}", said).status == 303
    return at.rpartition("/")[2], NOTICE.search(tess.get("/incidents").text)[1]


def of(path, fields, *before, by="Thea"):
    """A form of an incident, after others of the same officer."""

    def form(world):
        at = begun(world)
        for behind, said in before:
            world.visitors[by].post(f"{at}{behind}", said)
        return by, f"{at}{path}", fields

    return form


def second(world):
    name, path, fields = of("/not-told", NONE, ("/answers", HARMLESS))(world)
    world.visitors[name].post(path, fields)
    return "Tess", f"{path}/answer", {"who": "nobody", "why": "I saw it", "agrees": "yes"}


def settled(world):
    _, path, fields = second(world)
    world.visitors["Tess"].post(path, fields)
    return "Thea", path.replace("/not-told/answer", "/settled"), {"result": "A new envelope."}


def another(world):
    _, path, _ = of("/second", {})(world)
    return "Thea", path, {"person": world.person("Sue")}


def waits(world):
    name, path, _ = of("/list/wait", {}, ("/where", GONE))(world)
    return name, path, {"client": world.ada, "until": "2026-03-31", "why": "others read her post"}


LISTED = (("/answers", KNOWN), ("/where", GONE), ("/letters", BLANKS))


def told(world):
    name, path, fields = of("/notices", {}, *LISTED)(world)
    world.visitors[name].post(path, fields)
    address = world.found(name, path, r"(/incident-notices/[0-9a-f]{32})")
    return name, address, {"text": "Something went wrong here.", "way": "in_person"}


def untold(world):
    name, path, fields = of("/notices", {}, *LISTED)(world)
    world.visitors[name].post(path, fields)
    notice = world.found(name, path, r"/incident-notices/([0-9a-f]{32})")
    return name, f"{path}/not-told", {"notice": notice, "why": "it came back unopened"}


def untold_second(world):
    name, path, fields = untold(world)
    world.visitors[name].post(path, fields)
    return "Tess", f"{path}/answer", {**fields, "agrees": "yes"}


INCIDENTS = {
    "/incidents": lambda _: ("Tess", "/incidents", REPORT),
    "/incidents/{incident}/answers": of("/answers", KNOWN),
    "/incidents/{incident}/told": of("/told", {"who": HHS, "how": "by letter"}),
    "/incidents/{incident}/not-told": of("/not-told", NONE),
    "/incidents/{incident}/not-told/answer": second,
    "/incidents/{incident}/second": another,
    "/incidents/{incident}/settled": settled,
    "/incidents/{incident}/where": of("/where", GONE),
    "/incidents/{incident}/where/now": of("/where/now", {}, ("/where", GONE)),
    "/incidents/{incident}/list/wait": waits,
    "/incidents/{incident}/letters": of("/letters", BLANKS),
    "/incidents/{incident}/notices": of("/notices", {}, *LISTED),
    "/incidents/{incident}/notices/not-told": untold,
    "/incidents/{incident}/notices/not-told/answer": untold_second,
    "/incident-notices/{notice}": told,
}
"""Every form about an incident that does something, with what it is sent."""
INCIDENT_LOOKS = {
    *("/incidents/register", "/incidents/{incident}/list", "/incident-notices/{notice}/paper"),
    "/incidents/{incident}/letters/paper",
}
"""Those that only show something, as a file."""
