"""What lines say was done, in the words that a client reads (`who_looked.py`)."""

from __future__ import annotations

from typing import Final

SEEN: Final = {
    "who looked": "who looked",
    "consents": "which consents there are",
    "on file": "what stands on file: ties, consents, facts",
    "joint": "whose record this is, and what they have signed",
    "joint list": "the list of who looked, as one of those whose record this is",
    "standing": "what is on file of age, and of who stands for the client",
    "how to reach": "how to reach the client",
    "name": "the name behind the initials",
    "head": "whose record this is",
    "people": "who treats, covers or supervises",
    "duties": "what is owed after looks and disclosures",
    "second readings": "what waits for a second reading",
    "oversight": "what waits for the privacy officer",
    "papers": "what he or she has put on paper",
    "evidence": "what the ledger holds of a period, for an audit",
    "packets": "which packets can be had again",
    "produced": "which packets left a record",
    "matters": "what is open: requests, worries, rights, incidents",
    "sessions": "when a member was signed in",
    "register of incidents": "the register of incidents",
}
KEYS_SAID: Final = {
    "keys turned": "changed the keys of the record, so that old ones open nothing new",
    "facts on file": "put on file what the rules ask",
    "standing": "put on file what there is of age, and of who stands for the client",
    "death": "put on file that the client has died; the way in to these pages is shut",
    "death taken back": "put on file that the client lives: what stood here was wrong",
    "joint": "began a record of sessions with others, or changed who is in it",
    "enrolled": "enrolled this person",
}
"""What lines about keys and what decides say that was done."""
READ_AFTERWARDS: Final = {
    "in_order": "found it in order",
    "less": "found that less should have left",
    "none": "found that nothing should have left",
}
"""What somebody can find who reads afterwards what could not wait."""
WAYS: Final = {
    "pages": "by a message on the client's own pages",
    "post": "by letter",
    "phone": "by phone",
    "in_person": "in person",
}
PINGS: Final = {
    "mail": ", with an e-mail that said only that a message waits",
    "text": ", with a text message that said only that a message waits",
}
COUNTED: Final = {
    "caseload": "had the names of {} clients listed",
    "searched": "searched the records of {} clients",
    "put on paper": "put pages about {} clients on paper",
}
REFUSED: Final = {
    "ask": "Nothing was shown: something had to be found out first.",
    "conflict": "Refused: two laws disagree.",
}
