"""What leaves, made up as a packet: tried first, then handed over."""

from angerona.gate.gathering import Wish, gather
from angerona.practice.handing_over import HandedOver, Outgoing, hand_over, rehearse
from angerona.practice.second_readers import Leaving


def made_up(desk):
    """A warning to the police, as a file."""
    ada = desk.clients["Ada"]
    threat = Wish(
        wants=("risk", "identity"),
        purpose="protection",
        to="police",
        instrument="own_initiative",
        facts=desk.threat,
        reason=desk.typed("threat"),
    )
    leaving = Leaving(
        wish=threat,
        recipient=desk.typed("officer"),
        entry_ids=frozenset(desk.entries[one] for one in threat.wants),
    )
    outgoing = Outgoing(leaving=leaving, reference=desk.typed("ownsign"), form="json")
    with desk.visit("Tess") as visit:
        ask = gather(visit, desk.packs, ada, threat).ask
        said = (ask, desk.door.preview(visit, ada, threat).answer)
        going = [one for one in desk.vault.places(ada) if one.entry_id in leaving.entry_ids]
        rehearse(desk.door, visit, outgoing, said, going)
        made = hand_over(desk.door, visit, ada, outgoing)
    assert isinstance(made, HandedOver), made
