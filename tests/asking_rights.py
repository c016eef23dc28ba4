"""A client who asks for what is his or hers, and a practice under any law."""

import contextlib
import datetime

from angerona.practice.matters import found
from angerona.practice.members import sign_in_with_password
from angerona.practice.portal import give_way_in
from angerona.practice.rights import Asked, ask
from prepared_practice import AT, quick_passwords
from running_site import settle
from small_practice import PASSWORD, founded

DAY = datetime.timedelta(days=1)
LETTER = "You asked us. This is our answer, in plain words."
OPEN = {"us_hipaa.access_endangers": False, "us_hipaa.third_party_harm": False}


@contextlib.contextmanager
def practice_under(folder, *packs, zone="UTC"):
    """A practice of one under these packs, with one client."""
    with quick_passwords():
        practice = founded(folder, packs=packs, zone=zone)
    practice.ada = practice.client("Ada")
    try:
        yield practice
    finally:
        practice.vault.store.close()


def way_in(practice, client_id, name="ada", by="Tess"):
    """The client's own way in, with all settled that the law asks first."""
    with practice.visit(by) as visit:
        settle(visit, practice.door.packs, client_id)
        made = give_way_in(visit, client_id, name, PASSWORD)
    practice.people[name] = made.person_id
    practice.cookies[name] = sign_in_with_password(practice.vault, name, PASSWORD, AT)


def asked(practice, by, client_id, right, at=AT, **more):
    """A right that a member takes down, or that the client asks for; gives the matter's id."""
    how = {} if more.pop("own", False) else {"how": "letter", "checked": "passport seen"}
    given = {"right": right, "text": "please do this", **how, **more}
    with practice.visit(by, at) as visit:
        return ask(practice.door, visit, client_id, Asked(**given))[0]


def matter_of(visit, matter_id):
    return found(visit, matter_id, kinds=("right",))
