"""The forms a note can take, and reading one that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_of
from angerona.sealed.drafts import NoteDraft, NoteSection

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from angerona.web.turn import Form

SECTIONS_MAX: Final = 20
USUAL: Final = "progress_note"
OTHERS: Final = ("", "third_party")


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A form: how people call it, and its sections: what stands above each, and its class."""

    says: str
    sections: tuple[tuple[str, str], ...]


FORMS: Final = {
    "free": NoteForm("Free", (("", USUAL), OTHERS)),
    "soap": NoteForm(
        "SOAP",
        (
            ("Subjective", USUAL),
            ("Objective", USUAL),
            ("Assessment", USUAL),
            ("Plan", USUAL),
            OTHERS,
        ),
    ),
    "dap": NoteForm("DAP", (("Data", USUAL), ("Assessment", USUAL), ("Plan", USUAL), OTHERS)),
    "birp": NoteForm(
        "BIRP",
        (
            ("Behaviour", USUAL),
            ("Intervention", USUAL),
            ("Response", USUAL),
            ("Plan", USUAL),
            OTHERS,
        ),
    ),
    "apart": NoteForm("Process note", (("", "psychotherapy_note"),)),
}
HINTS: Final = {
    "Subjective": "What the client says, in the client's words.",
    "Objective": "What you saw and did; measures.",
    "Assessment": "How you understand it.",
    "Plan": "What comes next, and who does it.",
    "Data": "What was said and seen.",
    "Behaviour": "What the client brought and did.",
    "Intervention": "What you offered.",
    "Response": "How the client took it.",
}
ABOVE: Final = {
    "third_party": "What others said, or what was said about others",
    "psychotherapy_note": "For yourself",
}
"""What stands above a section of a class that nothing else stands above; it is not kept."""
OF_CLASS: Final = {
    "third_party": "Kept as a part of its own, so that showing the rest exposes nobody.",
    "psychotherapy_note": "Under a key of your own. “Kept apart” says what the law makes of it.",
}


def begun(name: str, at: datetime.datetime) -> NoteDraft:
    """An empty note in one of the forms; any other name is the free one."""
    form = FORMS.get(name, FORMS["free"])
    sections = tuple(
        NoteSection(says=says, wanted=wanted, text="") for says, wanted in form.sections
    )
    return NoteDraft(heading="", sections=sections, saved=at)


def read_note(form: Form, writable: Collection[str], at: datetime.datetime) -> NoteDraft:
    """The note that a form holds. Raises `BadInput` for a class that cannot be written into."""
    parts = [form.several(name) for name in ("says", "class", "text")]
    if len({len(one) for one in parts}) != 1 or not 0 < len(parts[0]) <= SECTIONS_MAX:
        raise BadInput("the form", "lacks a part of a section", f"1 to {SECTIONS_MAX} sections")
    sections = []
    for says, wanted, text in zip(*parts, strict=True):
        if wanted not in writable and text.strip():
            raise BadInput("what a section is", "is not for you to write", one_of(writable))
        plain = text.replace("\r\n", "\n")
        sections.append(NoteSection(says=says.strip(), wanted=wanted, text=plain))
    return NoteDraft(heading=form.text("heading"), sections=(*sections,), saved=at)
