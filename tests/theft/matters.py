"""What is begun and not settled, with names, signs and papers of those who ask."""

from angerona.practice.matters import Step, advance, begin, found, open_matters, settle
from theft.breaches import incidents


def matters(desk):
    """One about a client and one about nobody; a step, a hold, an end; incidents."""
    incidents(desk)
    ada = desk.clients["Ada"]
    for client_id in (ada, None):
        content = {"name": desk.typed("whoasks"), "reference": desk.typed("sign")}
        said = {"to": "insurer", "recipient": desk.typed("asker")}
        step = Step(what="took down a request", said=said, content=content, client_id=client_id)
        with desk.visit("Tess") as visit:
            matter_id = begin(visit, "request", step)
            assert open_matters(visit)
            matter = advance(visit, found(visit, matter_id), Step(what="answered", said=said))
            if client_id is not None:
                settle(visit, matter, Step(what="let it be", said={}))
