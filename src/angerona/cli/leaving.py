"""`angerona member take`, `leave` and `shut-out`: posts taken away, memberships ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.cli.entrance import inside
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import BadInput
from angerona.practice.caseload import short_id
from angerona.practice.colleagues import colleague_of, member_of
from angerona.practice.leaving import end_membership, left_alone, shut_out
from angerona.practice.posts import holders, take_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.cli.entrance import Entry
    from angerona.sealed.vault import Person, Visit

_TURNS: Final = (
    "Keys that they held turn when whoever treats signs in next, where they did not at once."
)


def take(entry: Entry, name: str, post: str, *, give_to: str | None) -> None:
    """Take a post away from a member."""
    with inside(entry) as here:
        visit = here.now()
        whom = member_of(visit, name)
        to = None if give_to is None else colleague_of(visit, give_to).person_id
        take_post(visit, whom.person_id, post, give_to=to)
    _say(f"{whom.row.name} does not hold this post any more.", _TURNS)


def leave(entry: Entry, name: str, *, clients_to: str | None, posts_to: str | None) -> None:
    """End a membership, with every client handed over to somebody."""
    with inside(entry) as here:
        visit = here.now()
        whom = member_of(visit, name)
        alone = left_alone(visit, whom.person_id)
        if alone and clients_to is None:
            _say_alone(visit, alone)
            clients = "1 client" if len(alone) == 1 else f"{len(alone)} clients"
            wrong = f"{clients} would have nobody who treats them"
            raise BadInput("--clients-to", wrong, "a colleague who treats from then on")
        successor = None if clients_to is None else colleague_of(visit, clients_to).person_id
        given = {one: successor for one in alone if successor is not None}
        posts = _handed_on(visit, whom, posts_to)
        end_membership(visit, whom.person_id, clients=given, posts=posts)
    _say(
        f"The membership of {whom.row.name} has ended: ties, posts, credentials, sessions.",
        f"Clients handed over: {len(given)}.",
        "What was kept apart is left to the key holders. What was written stays in the records.",
        _TURNS,
    )


def lock_out(entry: Entry, name: str, *, posts_to: str | None) -> None:
    """End somebody's access now; the ties stay until the membership is ended."""
    with inside(entry) as here:
        visit = here.now()
        whom = colleague_of(visit, name)
        shut_out(visit, whom.person_id, posts=_handed_on(visit, whom, posts_to))
    _say(
        f"{whom.row.name} cannot sign in any more.",
        "The ties stand until the membership is ended: angerona member leave NAME",
    )


def _handed_on(visit: Visit, whom: Person, to: str | None) -> dict[str, bytes]:
    """Who is given each post that nobody else holds. Raises `BadInput` where nobody is named."""
    vault = visit.vault
    known = vault.practice().posts
    alone = [
        one
        for one in whom.row.posts
        if {other.person_id for other in holders(vault, known[one], visit.at)} <= {whom.person_id}
    ]
    if not alone:
        return {}
    if to is None:
        wrong = f"nobody else holds {', '.join(alone)}"
        raise BadInput("--posts-to", wrong, "a colleague who holds it from then on")
    return dict.fromkeys(alone, colleague_of(visit, to).person_id)


def _say_alone(visit: Visit, alone: Iterable[bytes]) -> None:
    page = Page()
    page.headline("Nobody else treats these clients:", "bold")
    for one in alone:
        page.item(visit.vault.authority(one).client.name, f"{short_id(one)}  ", indent=2)
    say_styled(page.lines(width_now()))


def _say(headline: str, *items: str) -> None:
    page = Page()
    page.headline(headline, "bold green")
    page.items(items)
    say_styled(page.lines(width_now()))
