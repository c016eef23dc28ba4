"""The cases of the specification, driven through the pages: a practice in the place of each case.

Whoever is asked has the role and the tie of the case; the client has the consents of the case on
file, and what is asked for stands in the record, each class with a word that is nowhere else.
"""

import contextlib
import datetime
import re

from msgspec.structs import replace

from angerona.gate.door import Kept
from angerona.gate.keeping import Draft
from angerona.practice.clients import CLINICAL, establish
from angerona.practice.consents import keep_consent
from angerona.practice.matters import found
from angerona.practice.speaking import asked_in, keep_asked, told
from angerona.practice.ties import begin_tie
from angerona.rules.answer import AskFirst
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS, SHARED
from angerona.words import EVERYTHING
from prepared_practice import quick_passwords
from running_site import over
from small_practice import AT, founded

MORNING = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)
POSTS = frozenset({"privacy_officer", "front_desk", "biller"})
TIES = frozenset({"treating", "covering", "supervisor"})
_FACT = re.compile(r'name="fact" value="([^"]+)">\n<fieldset>')
_TRIES = 40


@contextlib.contextmanager
def practice_of(packs, folder):
    """A practice that these packs bind, with its site; everybody comes in the morning."""
    with quick_passwords():
        practice = founded(folder, packs=tuple(packs))
        practice.enrol("Tess", roles=("psychologist",))
        try:
            with over(practice) as site:
                site.clock.at = MORNING
                yield site
        finally:
            practice.vault.store.close()


class Driven:
    """A case, laid out in a practice: its client, its record, and whoever is asked."""

    def __init__(self, site, case, *, treats=False):
        self.site, self.case, self.ask = site, case, case.ask
        self.practice = site.practice
        for name in self.practice.people:
            self.practice.open(name, AT)
        self.who = self._member(treats=treats)
        age = {"client.age": 30}
        self.client_id = self.practice.client("Ada Invented", treating="Tess", facts=age)
        self._tie(treats=treats)
        mark = self.client_id.hex()[:8]
        words = {one: f"needle of {one} {mark}" for one in self.classes}
        self.needles = {one: text for one, text in words.items() if self._written(one, text)}
        self.on_file()

    @property
    def classes(self):
        """What is asked for, as far as a record can hold it."""
        wants = self.ask["wants"]
        named = COMPARTMENT_OF if EVERYTHING in wants else wants
        return [one for one in named if COMPARTMENT_OF[one] not in {EVENTS, SHARED}]

    def _member(self, *, treats):
        by = self.ask["by"]
        roles = by["role"] if isinstance(by["role"], list) else [by["role"]]
        relations = by["relation"] if isinstance(by["relation"], list) else [by["relation"]]
        posts = [one for one in roles if one in POSTS]
        posts += [one for one in relations if one == "on_call"]
        held = [one for one in roles if one in CLINICAL]
        if treats and not held:
            held = ["psychologist"]
        name = "-".join([*roles, *relations, "treats" if treats else "asked"])
        if name not in self.practice.people:
            self.practice.enrol(name, roles=tuple(held), posts=tuple(dict.fromkeys(posts)))
        self.relations = relations
        return name

    def _tie(self, *, treats):
        is_assigned = self.ask["facts"].get("care.supervision_assigned", True)
        ties = TIES if is_assigned else TIES - {"supervisor"}
        wanted = [one for one in self.relations if one in ties]
        if "author" in self.relations or treats:
            wanted.append("treating")
        person_id = self.practice.people[self.who]
        for relation in dict.fromkeys(wanted):
            with self.practice.visit("Tess") as visit:
                begin_tie(visit, self.client_id, person_id, relation, until=None)

    def _written(self, wanted, text):
        """Whoever treats writes; what the place asks before that is put on file for the moment."""
        packs, facts = self.practice.door.packs, {}
        draft = Draft(wanted=wanted, heading="Session", text=text)
        for _ in range(_TRIES):
            with self.practice.visit(self._author) as visit:
                kept = self.practice.door.keep(visit, self.client_id, draft)
            asked = (
                [one for one in kept.questions if one in packs.facts]
                if isinstance(kept, AskFirst)
                else []
            )
            if not asked:
                break
            facts[asked[0]] = packs.facts[asked[0]].type == "bool" or 1
            self._put_on_file({asked[0]: facts[asked[0]]})
        self._put_on_file(dict.fromkeys(facts))
        return isinstance(kept, Kept)

    def _put_on_file(self, facts, at=AT):
        with self.practice.visit("Tess", at) as visit:
            establish(visit, self.practice.door.packs, self.client_id, facts)

    @property
    def _author(self):
        is_tied = {"treating", "author"}.intersection(self.relations)
        return self.who if is_tied or self.who.endswith("treats") else "Tess"

    def on_file(self):
        """The consents, and what stands on file of the client."""
        facts = {
            name: value for name, value in self.ask["facts"].items() if name.startswith("client.")
        }
        self.practice.open("Tess", MORNING)
        self._put_on_file({"client.age": None, **facts}, MORNING)
        with self.practice.visit("Tess", MORNING) as visit:
            for one in self.ask["consents"]:
                keep_consent(visit, self.client_id, one)

    def enters(self):
        """Whoever is asked, in a session begun a moment ago."""
        return self.site.in_session(self.who)

    def request(self, visitor):
        """The form by which the case is taken down; two clicks."""
        wants = [] if EVERYTHING in self.ask["wants"] else self.ask["wants"]
        fields = {
            "client": self.client_id.hex(),
            "to": self.ask["to"],
            "name": "Whoever asks",
            "instrument": self.ask["instrument"],
            "purpose": self.ask["purpose"],
            "wants": wants,
            "received": MORNING.strftime("%Y-%m-%dT%H:%M"),
            "may_tell": "yes",
        }
        visitor.get("/requests/new")
        taken = visitor.post("/requests/new", fields)
        orders = self.ask.get("orders", ())
        if orders and taken.status == 303:
            matter_id = bytes.fromhex(taken.to.partition("?")[0].rpartition("/")[2])
            self.practice.open(self.who, MORNING)
            with self.practice.visit(self.who, MORNING) as visit:
                matter = found(visit, matter_id)
                facts = {
                    name: value
                    for name, value in self.ask["facts"].items()
                    if name.startswith("order.")
                }
                asked = replace(asked_in(matter), orders=tuple(orders), facts=facts)
                keep_asked(visit, matter, asked, "read the paper")
        return taken

    def answered(self, visitor, path, *, is_enough=lambda: False):
        """Answer what decides, as far as the case knows; the last page, and how many clicks."""
        facts = {"purpose.established": True, **self.ask["facts"]}
        for clicks in range(_TRIES):
            page = visitor.get(path)
            assert page.status == 200, page.text
            fact = _FACT.search(page.text)
            if fact is None or is_enough():
                return page, clicks
            value = facts.get(fact[1])
            said = {True: "yes", False: "no", None: "unknown"}.get(value, str(value))
            about = f"/matters/{path.rpartition('/')[2]}"
            given = visitor.post(f"{about}/answers", {"fact": fact[1], "value": said})
            assert given.status == 303, given.text
        raise AssertionError("it asks without end")

    def pressed(self, visitor, path, *, is_shut=True):
        """Whatever there is to press on a request is pressed, and what there is not is forged.

        Where it `is_shut`, there is nothing to choose of.
        """
        about = f"/matters/{path.rpartition('/')[2]}"
        page, _ = self.answered(visitor, path)
        entries = [one.entry_id.hex() for one in self.practice.vault.places(self.client_id)]
        texts = [page, visitor.get(f"{about}/choose")]
        texts.append(visitor.post(f"{about}/choose", {"entry": entries}))
        texts.append(visitor.post(f"{path}/narrow"))
        texts.append(visitor.get(f"{about}/leaves"))
        for seen in ("", "0" * 64):
            form = {"seen": seen, "how": "by post", "form": "json"}
            texts.append(visitor.post(f"{about}/leaves", form))
        texts += [visitor.get(f"{about}/entries/{one}") for one in entries[:3]]
        assert ("Choose what goes" not in page.text) or not is_shut, self.case.id
        return texts

    def goes(self, path):
        """What the rules let go by now, and with which outcome."""
        matter_id = bytes.fromhex(path.rpartition("/")[2])
        self.practice.open(self.who, MORNING)
        with self.practice.visit(self.who, MORNING) as visit:
            answer = told(self.practice.door, visit, found(visit, matter_id)).answer
        return answer.outcome, getattr(answer, "released", frozenset())

    def left(self):
        """What the ledger says left, the lines that are held too."""
        vault, digits = self.practice.vault, self.client_id.hex()
        lines = list(vault.ledger.lines_of(self.client_id))
        lines += [
            one
            for one in vault.ledger.lines_of(vault.practice_id)
            if one.body.get("client") == digits
        ]
        kinds = {"disclosure", "handed_over"}
        return [one for one in lines if one.kind in kinds or one.body.get("held") in kinds]


__all__ = ["Driven", "practice_of"]
