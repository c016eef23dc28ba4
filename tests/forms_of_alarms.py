"""What a form of a danger or of a worry is sent, and where it finds what it speaks of."""

THREAT = {
    "fact:threat.target": "identified_person",
    "fact:threat.serious": "yes",
    "fact:threat.made": "yes",
}
"""What makes a duty to tell the police, in the law of these practices."""


def danger(world):
    """A danger that has begun, of which the police must be told: its address."""
    tess = world.visitors["Tess"]
    sent = tess.post(f"/clients/{world.ada}/danger", {**THREAT, "learned": ""})
    return f"/matters/{sent.to.partition('/dangers/')[2]}"


def of_danger(path, **fields):
    return lambda world: ("Tess", f"{danger(world)}/{path}", fields)


def written_of_danger(path, **fields):
    def made(world):
        return "Tess", f"/clients/{world.ada}{danger(world)}/{path}", fields

    return made


def told_and_owed(world):
    about = danger(world)
    world.visitors["Tess"].post(f"{about}/tell/police", {})
    page = about.replace("/matters/", "/dangers/")
    return "Tess", world.found("Tess", page, rf"({about}/owed/\w{{32}})"), {"how": "wrote it"}


def danger_over(world):
    name, path, fields = written_of_danger("weighed", silence="He may do it.")(world)
    world.visitors[name].post(path, fields)
    return name, f"/matters/{path.split('/')[4]}/ended", {"ending": "over"}


def begun(tab, facts):
    return lambda world: ("Tess", f"/clients/{world.ada}/{tab}", {**facts, "learned": ""})


ALARMS = {
    "/clients/{client}/danger": begun("danger", THREAT),
    "/clients/{client}/abuse": begun("abuse", {"fact:abuse.suspected": "yes"}),
    "/matters/{matter}/found": of_danger("found", **{"fact:threat.imminent": "no"}),
    "/matters/{matter}/client": of_danger("client", act="silent"),
    "/matters/{matter}/tell/{to}": of_danger("tell/police", said="He said he would."),
    "/matters/{matter}/tell/{to}/writing": of_danger("tell/police/writing", wants=["risk"]),
    "/matters/{matter}/owed/{duty}": told_and_owed,
    "/matters/{matter}/ended": danger_over,
    "/clients/{client}/matters/{matter}/told": written_of_danger("told", **{"told:danger": "A."}),
    "/clients/{client}/matters/{matter}/weighed": written_of_danger("weighed", silence="He may."),
}
