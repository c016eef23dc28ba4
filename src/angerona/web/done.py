"""One calm sentence for each thing that was done, by the word that stands in the address for it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "signed-out": "You are signed out.",
        "founded": "The practice is open. Sign in with your name and your password.",
        "founded-before": "The practice is founded. Nothing was made a second time.",
        "kept": "Kept.",
        "draft": "Saved as a draft, sealed to you alone. It is not in the record yet.",
        "draft-apart": "Another window saved this draft meanwhile. Both are here, as two drafts.",
        "thrown-away": "The draft is gone.",
        "agreed": "Kept: you have read it and agree.",
        "message": "Kept with the messages.",
        "document": "Kept, cleaned of what it said beside its content.",
        "amended": "Kept. The earlier text stays beside it.",
        "enrolled": "The record is open.",
        "batch-gone": "The batch is held here no more. What came in stays.",
        "consent": "On file. It holds from now on.",
        "sent": "Sent. It waits for those who read it.",
        "answered": "Written down. Whoever asked sees it.",
        "paged": "Kept. From the next call on it is so.",
        "reached": "On file. The client sees that it was done.",
        "settled": "On file.",
        "shown": "Kept. From now on these pages show what you chose, and nothing else.",
        "exit": "Kept.",
        "reach": "Kept. We sent no word of this to anyone.",
        "taken-down": "It is written down, with the time by which it is to be answered.",
        "answered-request": "It is answered, and settled.",
        "passed-on": "It is passed on.",
        "passages": "Kept. What is left out leaves a mark where it stood.",
        "asked": "Your colleague is asked. Nothing leaves before the answer.",
        "stood-in": "Written down: why, and who outside was asked.",
        "look-again": "Something changed since you looked. Please look again before it leaves.",
        "taken-back": "Taken back. It holds from now on.",
        "narrowed": "Less is shared from now on.",
        "locked": "The page was locked because nobody had touched it. Sign in to go on.",
        "appointment": "It is in the calendar.",
        "cancelled": "It is cancelled.",
        "zone": "Times are read by this clock from now on.",
        "invitation": "The invitation is taken back.",
        "post-given": "The post is given, with its keys.",
        "post-taken": "The post is taken away. Its keys have turned, and the sessions have ended.",
        "role-given": "It is added. It counts from now on.",
        "role-ended": "It has ended. It counts no more from now on.",
        "end-set": "Until when is changed.",
        "second-lost": "The second factor is taken off. The next sign-in asks for a new one.",
        "left": "The membership has ended: keys, credentials and sessions are gone.",
        "shut-out": "The access has ended. The ties stay until the membership is ended too.",
        "tied": "The tie has begun, with its keys.",
        "untied": "The tie has ended. What is written from now on is shut to that person.",
        "standing": "On file. Nobody is told of it.",
        "death": "On file. Appointments to come are cancelled, and the client's way in is shut.",
        "lives": "On file. A new way in can be given, in person.",
        "shared": "The supervisor can read what you keep apart, while the tie lasts.",
        "handed-over": "Your colleague treats these clients too, from now on.",
        "all-out": "All your sessions have ended.",
        "recovered": "You are in. Now choose a new password, and make a new recovery code.",
        "second": "It is added. You will be asked for it when you sign in.",
        "wrong-codes": "Your right password was typed with a wrong code since you were here last."
        " If that was not you, change your password now, under your name.",
        "taken-off": "It is taken off. Your other sessions have ended.",
        "password": "Your password is changed. Your other sessions have ended.",
    }
)
