"""The story of `angerona demo`: what is told, and the commands it is told with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INES: Final = ("--as", "Ines Halloran")
GRACE: Final = ("--as", "Grace Tamura")


@dataclass(frozen=True, slots=True)
class Step:
    """What is told first, the command (after `angerona`), and how it must end.

    A part of the command that begins with `@` is a file of the demo; `{ending}` is pdf where pages
    can be set, and else json.
    """

    title: str
    tells: str
    command: tuple[str, ...]
    code: int = 0


BEGINNING: Final = (
    "Seven people work here, all invented, as are their clients. Everything below is done by the "
    "same commands that a real practice uses, on a real database with a real ledger, in a folder "
    "that is deleted at the end. (Each command is also told where the data lies, and a file with "
    "the password: --data and --password-file.)"
)

ESTABLISHED: Final = {
    "purpose.established": True,
    "recipient.identity_verified": True,
    "record.joint": False,
    "client.unsafe_to_tell": False,
    "house.secrecy_ordered": False,
}
"""What Ines found out about the insurer's letter: `@letter.json`."""

ASKED: Final = {"recipient.identity_verified": True, "us_hipaa.accounting_hold": False}
"""What Grace found out before she gives the proof away: `@asked.json`."""

STEPS: Final = (
    Step(
        "A therapist and her clients",
        "Ines Halloran, psychologist, asks for her clients.",
        ("clients", *INES),
    ),
    Step(
        "A colleague's client",
        "Carmen Ibarra is a client of her colleague Tomas. Ines has no tie to her, so what she "
        "hears is silence:",
        ("look", "Carmen Ibarra", *INES),
        code=2,
    ),
    Step(
        "Nobody at all",
        "and it is the very same silence as for somebody whom nobody here knows.",
        ("look", "Norbert Nobody", *INES),
        code=2,
    ),
    Step(
        "Saturday night, on call",
        "Dov Lindqvist rings at night. Dana, on call, has never met him. She reads what keeps him "
        "safe, and nothing of his sessions: her keys open no more than that.",
        ("look", "Dov Lindqvist", "--as", "Dana Whitlock"),
    ),
    Step(
        "The insurer's letter",
        "An insurer asks for Benedikt Sorel's diagnosis, plan and session notes. He has signed a "
        "consent, which names the first two. Ines has called the insurer back on a number that "
        "she looked up; what she established stands in a file.",
        (
            *("disclose", "Benedikt Sorel", "--to", "insurer", "--purpose", "insurance"),
            *("--instrument", "consent", "--wants", "diagnosis,treatment_plan,progress_note"),
            *("--for", "Harbor Mutual", "--facts", "@letter.json"),
            *("--out", "@packet.{ending}", "--yes", *INES),
        ),
    ),
    Step(
        "What the insurer receives",
        "The packet is signed. Whoever holds it can check that nothing was added or left out.",
        ("packet", "verify", "@packet.{ending}"),
    ),
    Step(
        "The lawyer's letter",
        "The other side's lawyer in a lawsuit writes to Tomas and wants everything about Kofi "
        "Brandt.",
        (
            *("disclose", "Kofi Brandt", "--to", "opposing_attorney"),
            *("--purpose", "legal_proceeding", "--instrument", "written_request"),
            *("--for", "Stone and Partners", "--out", "@answer.json", "--as", "Tomas Birk"),
        ),
        code=1,
    ),
    Step(
        "Who looked?",
        "Benedikt asks who has seen his record. Grace, the privacy officer, has the list.",
        ("who-looked", "Benedikt Sorel", *GRACE),
    ),
    Step(
        "Something to take home",
        "He need not believe her. She gives him the proof, as a file.",
        (
            *("receipt", "Benedikt Sorel", "--out", "@receipt", "--facts", "@asked.json"),
            *GRACE,
        ),
    ),
)

ALONE: Final = (
    "Benedikt checks the proof on his own computer. He needs Python and one file, and neither this "
    "software nor the practice."
)
THIEF: Final = (
    "Somebody copies the whole data folder, and searches it for names and words that stand in it:"
)
WORDS: Final = (
    *("Benedikt", "Halloran", "Lindqvist", "Ferry Street", "555-0104"),
    *("cardiologist", "sertraline", "harbour", "insurer"),
)
"""What a thief might search for. Each is too long to stand in sealed bytes by chance."""

WHOLE: Final = Step(
    "Is the ledger whole?",
    "Last, everything is worked out again from the first line on, and compared.",
    ("ledger", "fsck"),
)
ENDING: Final = (
    "Found your own practice with: angerona init. Put a question of law without any record with: "
    "angerona ask. What every command does: docs/COMMANDS.md."
)
