"""Members, for the privacy officer: who works here, invitations, posts, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.practice.colleagues import colleagues, give_post, works_here
from angerona.practice.invitations import invitations, invite, take_back_invitation
from angerona.practice.leaving import end_membership, left_alone, shut_out
from angerona.practice.members import NewMember
from angerona.practice.posts import take_post
from angerona.practice.roles import PROFESSIONS, SAID, end_role, give_role, set_end
from angerona.practice.signing_in import has_second, take_off_seconds
from angerona.sealed.compartments import BY_POST
from angerona.web.people import last_day
from angerona.web.turn import Moved, Page, Route, Turn, read_id
from angerona.words import ROLES

if TYPE_CHECKING:
    from angerona.sealed.vault import Person
    from angerona.web.turn import Result

POSTS: Final = {name: SAID[name] for name in BY_POST}
"""Each post, and what it is called on a page."""
CLINICAL_ROLES: Final = {name: says for name, says in ROLES.items() if name in PROFESSIONS}
"""The professions of which somebody may have several."""
_HANDED: Final = "client:"
_GIVEN: Final = "post:"


def listed(turn: Turn) -> Result:
    """Who works here, and who is invited."""
    people = [(one.at(turn.at), has_second(one)) for one in colleagues(turn.visit)]
    says = {"people": people, "waiting": invitations(turn.visit), "posts": POSTS}
    return Page("members.html", says)


def invitation(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form of an invitation: one person may have several roles, and several posts."""
    form = turn.form
    says = {
        "typed": {
            "name": form.text("name"),
            "roles": form.several("roles"),
            "posts": form.several("posts"),
        },
        "roles": CLINICAL_ROLES,
        "posts": _mine(turn),
        "problem": problem,
    }
    return Page("invite.html", says, 422 if problem else 200)


def invite_now(turn: Turn) -> Result:
    """Invite; the address and the code are shown this once, to be handed over."""
    form = turn.form
    who = NewMember(
        name=form.text("name"), roles=form.several("roles"), posts=form.several("posts")
    )
    code = invite(turn.visit, who)
    says = {"name": who.name, "code": code, "address": f"{turn.house.origin}/join#{code}"}
    return Page("invited.html", says)


def take_back(turn: Turn) -> Result:
    """Take an invitation back."""
    take_back_invitation(turn.visit, turn.id_of("invitation"))
    return Moved("/members", done="invitation")


def member(turn: Turn, problem: BadInput | None = None) -> Page:
    """One member: posts, a lost phone, leaving with a successor for each client left alone."""
    person = _member(turn)
    vault, mine = turn.door.vault, _mine(turn)
    others = [one for one in colleagues(turn.visit) if one.person_id != person.person_id]
    alone = left_alone(turn.visit, person.person_id)
    row = person.row.in_force(turn.at)
    says = {
        "member": person,
        "row": row,
        "is_me": person.person_id == turn.person.person_id,
        "has_second": has_second(person),
        "held": {name: POSTS[name] for name in row.posts},
        "to_give": {name: says for name, says in mine.items() if name not in row.posts},
        "further": {name: says for name, says in CLINICAL_ROLES.items() if name not in row.roles},
        "has": {name: SAID[name] for name in (*row.roles, *row.posts)},
        "until_typed": turn.form.text("until"),
        "others": {one.person_id.hex(): one.row.name for one in others},
        "alone": [(one, vault.authority(one).client.name) for one in alone],
        "problem": problem,
    }
    return Page("member.html", says, 422 if problem else 200)


def give(turn: Turn) -> Result:
    """Give a post that one holds."""
    person = _member(turn)
    post, until = turn.form.choice("post", BY_POST), last_day(turn.form.text("until"), turn.zone)
    give_post(turn.visit, person.person_id, post, until=until)
    return Moved(f"/members/{person.person_id.hex()}", done="post-given")


def take(turn: Turn) -> Result:
    """Take a post away; its keys turn, and that person's sessions end."""
    person, form = _member(turn), turn.form
    to = form.text("to")
    take_post(
        turn.visit,
        person.person_id,
        form.choice("post", BY_POST),
        give_to=read_id(to) if to else None,
    )
    return Moved(f"/members/{person.person_id.hex()}", done="post-taken")


def give_more(turn: Turn) -> Result:
    """Give a further profession."""
    person, form = _member(turn), turn.form
    role, until = form.choice("role", PROFESSIONS), last_day(form.text("until"), turn.zone)
    give_role(turn.visit, person.person_id, role, until=until)
    return Moved(f"/members/{person.person_id.hex()}", done="role-given")


def end_one(turn: Turn) -> Result:
    """End a profession now."""
    person = _member(turn)
    end_role(turn.visit, person.person_id, turn.form.choice("role", ROLES))
    return Moved(f"/members/{person.person_id.hex()}", done="role-ended")


def say_end(turn: Turn) -> Result:
    """Say until when a profession or a post lasts."""
    person, form = _member(turn), turn.form
    set_end(
        turn.visit, person.person_id, form.text("name"), last_day(form.text("until"), turn.zone)
    )
    return Moved(f"/members/{person.person_id.hex()}", done="end-set")


def lost_second(turn: Turn) -> Result:
    """Take off the second factor of somebody who has lost the phone."""
    person = _member(turn)
    take_off_seconds(turn.visit, person.person_id)
    return Moved(f"/members/{person.person_id.hex()}", done="second-lost")


def end(turn: Turn) -> Result:
    """End a membership, with a successor for whoever would be left alone."""
    person = _member(turn)
    end_membership(
        turn.visit,
        person.person_id,
        clients={read_id(one): to for one, to in _named(turn, _HANDED).items()},
        posts=_named(turn, _GIVEN),
    )
    return Moved("/members", done="left")


def shut(turn: Turn) -> Result:
    """End somebody's access at once; the ties are ended later."""
    person = _member(turn)
    shut_out(turn.visit, person.person_id, posts=_named(turn, _GIVEN))
    return Moved("/members", done="shut-out")


def _member(turn: Turn) -> Person:
    """The member whom the address names. Raises `Unknown` for a client's account too."""
    person = turn.door.vault.person(turn.id_of("person"))
    if not works_here(person, turn.at):
        raise Unknown
    return person


def _mine(turn: Turn) -> dict[str, str]:
    """The posts that one holds, and so can give."""
    return {name: says for name, says in POSTS.items() if name in turn.person.row.posts}


def _named(turn: Turn, start: str) -> dict[str, bytes]:
    """Whom the form names for each thing that its fields begin with."""
    return {
        name.removeprefix(start): read_id(turn.form.text(name))
        for name in turn.form.fields
        if name.startswith(start) and turn.form.text(name)
    }


ROUTES: Final = (
    Route(method="GET", path="/members", do=listed, face="officer"),
    Route(method="GET", path="/members/invite", do=invitation, face="officer"),
    Route(
        method="POST",
        path="/members/invite",
        do=invite_now,
        face="officer",
        again=invitation,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/members/invitations/{invitation}/taken-back",
        do=take_back,
        face="officer",
    ),
    Route(method="GET", path="/members/{person}", do=member, face="officer"),
    *(
        Route(
            method="POST",
            path=f"/members/{{person}}/{path}",
            do=do,
            face="officer",
            again=member,
            step_up=True,
        )
        for path, do in (
            ("post-given", give),
            ("post-taken", take),
            ("role-given", give_more),
            ("role-ended", end_one),
            ("end", say_end),
            ("second-lost", lost_second),
            ("left", end),
            ("shut-out", shut),
        )
    ),
)
