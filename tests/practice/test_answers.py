"""An Answer in words: what is refused to a reader is not told as something to send."""

import pytest

from angerona.practice.answers import Told, headline
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from prepared_practice import AT, packs


def told(by, to):
    law = packs()
    raw = {
        "packs": ["house", "us-hipaa", "us-ca"],
        "at": AT.isoformat(),
        "by": {"role": [by], "relation": ["none"]},
        "to": to,
        "purpose": "marketing",
        "purpose_by": "practice",
        "instrument": "none",
        "act": "hand_over",
        "wants": ["progress_note"],
        "consents": [],
        "orders": [],
        "facts": {},
    }
    ask = read_ask(raw, law.facts, law.packs)
    return Told(ask, decide(ask, law), law)


@pytest.mark.parametrize(
    ("by", "to", "no"),
    [
        ("psychologist", "workforce", "This is not open to you."),
        ("client", "client", "This is not open to you."),
        ("psychologist", "employer", "Do not send this."),
    ],
)
def test_who_wants_to_read_and_who_wants_to_send_hear_their_own_no(by, to, no):
    assert headline(told(by, to)).startswith(no)
