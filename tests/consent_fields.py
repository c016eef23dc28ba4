"""The forms about consents, each where it can do its work; `every_form.py` sends them."""

import re

from angerona.words import CLASSES

CLASS_BY_CLASS = iter(CLASSES)
TERMS = {
    "to": "hospital",
    "purpose": "treatment",
    "classes": ["diagnosis"],
    "until": "2026-12-01",
    "by": "client",
    "how": "screen",
    "name": "Ada",
    "despite": ["element", "twice", "taken_back", "narrowed", "refused"],
    "known": "yes",
}


def on_consent(path, **fields):
    """A form about a consent that was signed a moment ago."""

    def made(world):
        signed = {**TERMS, "classes": ["diagnosis", "history"]}
        answer = world.visitors["Tess"].post(f"/clients/{world.ada}/consents/signed", signed)
        consent = re.search(r"consents/([0-9a-f]{32})", answer.to)[1]
        return "Tess", f"/clients/{world.ada}/consents/{consent}/{path}", fields

    return made


def on_ended(**fields):
    """A form about a consent that was signed and taken back."""

    def made(world):
        _, path, _ = on_consent("take-back")(world)
        world.visitors["Tess"].post(path)
        return "Tess", path.replace("take-back", "telling"), fields

    return made


def on_paper(world):
    """Each time about another class: a second yes to the same would be asked about."""
    fields = {one: said if isinstance(said, str) else said[0] for one, said in TERMS.items()}
    fields |= {"how": "paper", "purpose": "education", "classes": next(CLASS_BY_CLASS)}
    return "Tess", f"/clients/{world.ada}/consents/paper", {**fields, "file": b"A signed paper."}


def about(path):
    return lambda world: ("Tess", f"/clients/{world.ada}{path}", TERMS)


CONSENTS = {
    "/clients/{client}/consents/signed": about("/consents/signed"),
    "/clients/{client}/consents/paper": on_paper,
    "/clients/{client}/consents/refused": about("/consents/refused"),
    "/clients/{client}/consents/{consent}/narrow": on_consent("narrow", classes=["diagnosis"]),
    "/clients/{client}/consents/{consent}/take-back": on_consent("take-back"),
    "/clients/{client}/consents/{consent}/telling": on_ended(tell="no"),
}
CONSENT_LOOKS = (
    "/clients/{client}/consents/form",
    "/clients/{client}/consents/printed",
    "/clients/{client}/consents/{consent}/receipt",
    "/clients/{client}/consents/{consent}/letters/{line}",
    "/me/sharing/{consent}/receipt",
)
