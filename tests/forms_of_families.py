"""The forms about how clients stand, and about records of several."""


def about(path, **fields):
    return lambda world: ("Tess", f"/clients/{world.ada}{path}", fields)


MOTHER = {"name": "Wanda Invented", "standing": "parent", "paper": "birth certificate"}


def stood(world):
    name, path, fields = about("/standing/representatives", **MOTHER, powers=["copies"])(world)
    world.visitors[name].post(path, fields)
    found = world.found(name, f"/clients/{world.ada}/standing", rf"({path}/[0-9a-f]{{32}})")
    return name, found, {"act": "frozen", "reason": "she is afraid of her"}


def died(world):
    otto = world.site.prepared.clients["Otto"].hex()
    return "Theo", f"/clients/{otto}/standing/death", {"act": "died", "source": "a letter"}


def together(world):
    """A record of Ada and of another client whom Tess treats."""
    dora = world.site.practice.client("Dora Invented", treating="Tess").hex()
    known = {f"known_as_{world.ada}": "Ada", f"known_as_{dora}": "Dora"}
    return "Tess", f"/clients/{world.ada}/joint", {"name": "Thursday", **known}


def of_both(behind, **fields):
    def made(world):
        name, path, given = together(world)
        moved = world.visitors[name].post(path, given)
        there = moved.to.partition("?")[0]
        record = bytes.fromhex(there.split("/")[2])
        world.site.practice.keep("Tess", record, "shared_record", "Ada: I came.\nDora: I too.")
        return name, f"{there}/{behind}", {"party": world.ada, **fields}

    return made


FAMILIES = {
    "/clients/{client}/standing/born": about("/standing/born", born="2010-05-01"),
    "/clients/{client}/standing/maturity": about(
        "/standing/maturity", care="talking", mature="yes", own_consent="", why="we spoke of it"
    ),
    "/clients/{client}/standing/representatives": about(
        "/standing/representatives", **MOTHER, powers=["copies", "consent"]
    ),
    "/clients/{client}/standing/representatives/{representative}": stood,
    "/clients/{client}/standing/death": died,
    "/clients/{client}/joint": together,
    "/clients/{client}/joint/left": of_both("left"),
    "/clients/{client}/joint/signed": of_both(
        "signed", to="insurer", purpose="insurance", known="yes", despite=["element", "twice"]
    ),
    "/clients/{client}/joint/words": of_both(
        "words",
        form="json",
        **{"fact:recipient.identity_verified": "yes", "fact:us_hipaa.access_endangers": "no"},
    ),
}
"""Each form, with what it is sent; part of `every_form.MAKES`."""
