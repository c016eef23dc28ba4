"""What a client can ask for, alone: asking, where it stands and by when, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.results import Shown
from angerona.practice.access import again_from, can_take_it_oneself, reviewable, take_copy
from angerona.practice.accounting import Account, account_of
from angerona.practice.asked_for import ASKER, READY
from angerona.practice.matters import found, open_matters
from angerona.practice.restrictions import end, restrictions_of
from angerona.practice.rights import OUTCOMES, RIGHT, RIGHTS, Asked, ask, complaint_lines
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.choices import Fixed
from angerona.web.client_rights import account_file
from angerona.web.help_lines import called
from angerona.web.own import client_id_of, kept_back
from angerona.web.own_choices import turned_on
from angerona.web.rights import more_of
from angerona.web.turn import Download, Moved, Page, Route, Turn, read_id
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from angerona.practice.matters import Matter
    from angerona.web.turn import Result

HOME: Final = "/me/rights"
ASKED_HERE: Final = ("copy", "portable", "restriction", "accounting", "erasure", "complaint")
"""What is asked for on a page of its own; what is wrong is said beside the entry."""
ABOUT_AN_ENTRY: Final = ("correction", "statement")
FROM_WHOM: Final = Fixed(
    {
        name: RECIPIENTS[name]
        for name in (
            *("payer", "insurer", "treating_provider", "hospital", "workforce", "family"),
            *("parent", "friend", "employer", "school", "researcher", "business_associate"),
        )
    }
)
"""From whom a client can ask that something be kept."""
KINDS: Final = Fixed({name: says for name, says in CLASSES.items() if name != "ledger"})


def rights(turn: Turn, problem: BadInput | None = None) -> Page:
    """What can be asked for, what was asked and by when it is answered, what is kept from whom."""
    client_id = client_id_of(turn)
    says = {
        "kinds": {name: RIGHTS[name].says for name in ASKED_HERE},
        "open": [one for one in open_matters(turn.visit, (RIGHT,)) if ASKER not in one.content],
        "answered": _answered(turn),
        "restrictions": restrictions_of(turn.visit, client_id),
        "outside": complaint_lines(turn.door),
        "RIGHTS": RIGHTS,
        "READY": READY,
        "problem": problem,
    }
    return Page("own_rights.html", says, 422 if problem else 200)


SAYS_IT_ALL: Final = frozenset(
    {"copy", "portable", "restriction", "accounting", "erasure", "review"}
)
"""Rights that can be asked for without a word more."""


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form for one right, and what it means."""
    right = _right(turn)
    says = {
        "right": right,
        "kind": RIGHTS[right],
        "entry": _entry(turn, right),
        "from_whom": FROM_WHOM,
        "classes": KINDS,
        "needs_words": right not in SAYS_IT_ALL,
        "typed": turn.form,
        "problem": problem,
    }
    return Page("own_right_new.html", says, 422 if problem else 200)


def send(turn: Turn) -> Result:
    """Ask for it; words of danger bring help at once."""
    right = _right(turn)
    asked = Asked(right=right, text=_words(turn, right), more=more_of(turn, right))
    _, left = ask(turn.door, turn.visit, client_id_of(turn), asked)
    if left is not None and left.is_crisis:
        return called(turn, left.called)
    return Moved(HOME, done="asked-for")


def one(turn: Turn, problem: BadInput | None = None) -> Page:
    """Where one stands, and by when there is an answer; a copy that is ready can be taken."""
    matter = _own(turn)
    says = {
        "matter": matter,
        "kind": RIGHTS[matter.content[RIGHT]],
        "is_ready": READY in matter.content,
        "can_take": can_take_it_oneself(turn.door, matter),
        "outside": complaint_lines(turn.door),
        "problem": problem,
    }
    return Page("own_right.html", says, 422 if problem else 200)


def take(turn: Turn) -> Result:
    """Take the copy that is ready."""
    made = take_copy(turn.door, turn.visit, _own(turn), how="in the own pages")
    return Download(made.name, "application/zip", made.data)


def again(turn: Turn) -> Result:
    """Ask that somebody else looks again at what was kept back."""
    client_id = client_id_of(turn)
    more = again_from(turn.door, turn.visit, client_id, turn.id_of("asked"))
    asked = Asked(right="review", text=_words(turn, "review"), more=more)
    ask(turn.door, turn.visit, client_id, asked)
    return Moved(HOME, done="asked-for")


def _words(turn: Turn, right: str) -> str:
    """The client's own words; the name of what is asked for, where that says it all."""
    return turn.form.text("text") or (RIGHTS[right].says if right in SAYS_IT_ALL else "")


def account(turn: Turn) -> Result:
    """The list of what was shared, at once."""
    made = account_of(turn.door, turn.visit, client_id_of(turn), facts={})
    if not isinstance(made, Account):
        return kept_back(made)
    return account_file(made, turn.form.choice("form", ("pdf", "csv"), default="pdf"))


def end_restriction(turn: Turn) -> Result:
    """End what is kept from somebody."""
    end(turn.visit, client_id_of(turn), turn.id_of("restriction"))
    return Moved(HOME, done="restriction-ended")


def _right(turn: Turn) -> str:
    right = turn.given.get("right", "")
    if right not in {*ASKED_HERE, *ABOUT_AN_ENTRY}:
        raise Unknown
    return right


def _entry(turn: Turn, right: str) -> tuple[str, str] | None:
    """The entry that something is said of: its id, and what it is called."""
    if right not in ABOUT_AN_ENTRY:
        return None
    digits = turn.form.text("entry") or turn.asked.get("entry", "")
    entry_id = read_id(digits)
    seen = turn.door.look(
        turn.visit, client_id_of(turn), purpose="client_request", entry_ids=[entry_id]
    )
    if not isinstance(seen, Shown):
        raise Unknown
    [(place, text)] = seen.entries
    return digits, text.heading or CLASSES[place.wanted]


def _own(turn: Turn) -> Matter:
    matter = found(turn.visit, turn.id_of("asked"), (RIGHT,))
    if ASKER in matter.content:
        raise Unknown  # somebody else asked
    return matter


def _answered(turn: Turn) -> list[dict[str, Any]]:
    """What was answered: when, what, how; the newest first."""
    lines = turn.door.who_looked(turn.visit, client_id_of(turn))
    if isinstance(lines, AskFirst | Refuse):
        return []
    done = [
        {
            "at": line.at,
            "what": RIGHTS[line.body[RIGHT]].says,
            "outcome": OUTCOMES[line.body["outcome"]],
            "matter": line.body["matter"],
            "again": bool(reviewable(turn.door, line.body)),
        }
        for line in lines
        if line.kind == RIGHT and line.body.get("outcome") in OUTCOMES and ASKER not in line.body
    ]
    return done[::-1]


ROUTES: Final = (
    Route(method="GET", path=HOME, do=turned_on("rights", rights), face="client"),
    Route(method="GET", path="/me/rights/new/{right}", do=turned_on("rights", new), face="client"),
    Route(
        method="POST",
        path="/me/rights/new/{right}",
        do=turned_on("rights", send),
        face="client",
        again=new,
    ),
    Route(
        method="POST",
        path="/me/rights/account",
        do=turned_on("rights", account),
        face="client",
        again=rights,
        step_up=True,
    ),
    Route(method="GET", path="/me/rights/{asked}", do=turned_on("rights", one), face="client"),
    Route(
        method="POST",
        path="/me/rights/{asked}/copy",
        do=turned_on("rights", take),
        face="client",
        again=one,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/me/rights/{asked}/again",
        do=turned_on("rights", again),
        face="client",
        again=rights,
    ),
    Route(
        method="POST",
        path="/me/restrictions/{restriction}/end",
        do=turned_on("rights", end_restriction),
        face="client",
        again=rights,
        step_up=True,
    ),
)
