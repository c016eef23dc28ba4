"""An insurer asks, with a consent that is on file: from its letter to the packet, without a page.

    .venv/bin/python examples/answer_a_request.py FOLDER

FOLDER is made, with the invented practice in it; the packet is written into it. Each step is a
function of `angerona.practice`, the same that the pages call, and leaves its line in the ledger.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from angerona.cli import asking
from angerona.cli.demo import DATA, lay_out
from angerona.cli.entrance import now, opened
from angerona.gate.door import Door
from angerona.gate.results import Proposed
from angerona.practice.handing_over import HandedOver, Outgoing
from angerona.practice.members import sign_in_with_password
from angerona.practice.requests import NewRequest, answer_with, request, take_down
from angerona.practice.sample_world import PASSWORD
from angerona.practice.speaking import (
    Asked,
    asked_in,
    choose,
    found_out,
    leaving_of,
    next_question,
    proposed,
    told,
)
from angerona.practice.who_looked import in_words

KNOWN = {
    "purpose.established": True,
    "care.emergency": False,
    "record.joint": False,
    "client.unsafe_to_tell": False,
}
"""What whoever answers has found out, to the questions that the rules come to ask."""


def main(folder: Path) -> None:
    """Lay the practice out, take the request down, answer what decides, hand over the least."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")  # where heads of the ledger are remembered
    sample = lay_out(folder)
    benedikt = sample.clients["Benedikt Sorel"]
    at = now()
    with opened(folder / DATA) as vault:
        door = Door(vault, asking.loaded(None))
        ines = sign_in_with_password(vault, "Ines Halloran", PASSWORD, at)
        with vault.visit(ines, at) as visit:
            asked = Asked(
                to="insurer",
                name="Harbour Mutual Invented",
                purpose="insurance",
                instrument="consent",
                received=at,
                wants=("diagnosis", "treatment_plan", "progress_note"),
            )
            matter_id = take_down(door, visit, NewRequest(asked=asked, client_id=benedikt))
            matter = request(visit, matter_id)
            while question := next_question(told(door, visit, matter), asked):
                says = KNOWN.get(question.fact)
                print(question.says, {True: "yes", False: "no", None: "not known"}[says])
                matter = found_out(door, visit, matter, {question.fact: says})
                asked = asked_in(matter)
            entries = {one.wanted: one.entry_id for one in vault.places(benedikt)}
            matter = choose(visit, matter, [entries["diagnosis"]])
            seen = proposed(door, visit, matter)
            if not isinstance(seen, Proposed):
                sys.exit(f"Nothing may leave: {seen}")
            outgoing = Outgoing(leaving=leaving_of(door, matter), seen=seen.seen)
            made = answer_with(door, visit, matter, outgoing)
            if not isinstance(made, HandedOver):
                sys.exit(f"Nothing left: {made}")
            (folder / made.file_name).write_bytes(made.data)
            print(f"{made.file_name}: {len(made.packet.parts)} entry")
            lines = vault.ledger.lines_of(benedikt)[-3:]
            for said in in_words(lines, vault.practice().zone):
                print(said.sentence)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
