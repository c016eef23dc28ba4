"""A yes of Ada's to an insurer: signed, something sent on it, taken back."""

from angerona.gate.door import Prepared
from angerona.gate.gathering import Wish
from angerona.practice.consent_forms import Terms, form_for
from angerona.practice.consents import sign_consent, take_back_consent
from angerona.practice.contradictions import Signing
from angerona.sealed.rows import Signed
from prepared_practice import AT

TERMS = Terms(
    by="client",
    classes=("diagnosis", "treatment_plan"),
    to="insurer",
    purpose="insurance",
    starts=AT.date(),
    until=AT.date().replace(month=12),
)
WISH = Wish(
    wants=("diagnosis",),
    purpose="insurance",
    to="insurer",
    instrument="consent",
    facts={
        "care.minimum_ok": True,
        "recipient.identity_verified": True,
        "client.restriction": False,
        "client.paid_out_of_pocket": False,
        "record.joint": False,
        "record.part2": False,
    },
)
PACKET = bytes(range(16))


def signed(practice, ada, terms=TERMS, way="screen", without=()):
    """The id of a consent with all its ticks, but for those left out."""
    ids = practice.vault.practice().row.packs
    form = form_for(practice.door.packs, ids, terms, practice="Quiet Rooms", client="Ada")
    ticked = {*(one.id for one in form.sentences), *(one.key for one in form.asked)}
    one = Signing(terms=terms, elements=form.elements(ticked - set(without)), at=AT)
    given = Signed(
        way=way,
        name="Ada Invented",
        told=tuple(one.says for one in form.sentences),
        forms=tuple(one.id for one in form.demanded),
        despite=("element",),
        authority="a deed",
    )
    with practice.visit("Tess") as visit:
        return sign_consent(visit, practice.door.packs, ada, one, given)


def sent(practice, ada, wish=WISH, recipient="Harbour Mutual"):
    """Whatever comes of sending something; what may go is handed over."""
    with practice.visit("Tess") as visit:
        found = practice.door.release(visit, ada, wish, recipient=recipient)
    if isinstance(found, Prepared):
        practice.door.handed_over(found, AT, how="by hand", packet_id=PACKET)
    return found


def ended(practice, ada):
    """The ids of a consent that was taken back, and of the line of what was sent on it."""
    consent_id = signed(practice, ada)
    sent(practice, ada)
    with practice.visit("Tess") as visit:
        [relied] = take_back_consent(visit, ada, consent_id)
    return consent_id, relied.event_id
