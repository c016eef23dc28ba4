"""One Ask, and one class of it judged, for the second reading of docs/LANGUAGE.md."""

import datetime as dt
import functools

from angerona.rules.facts import CORE_FACTS
from angerona.words import CLASSES, EVERYTHING, NAMED_ONE_BY_ONE, PROCESS_NOTES
from naive_expressions import all_of, any_of, negation, parse, truth, unknown_facts

LAW_FACTS = ("law.requires", "law.permits", "law.forbids")
ORDER_FLAGS = {
    "order.part2_findings": "part2_findings",
    "order.names_notes": "names_notes",
    "order.secrecy": "secrecy",
}
ORDER_FACTS = {
    "order.covers_these",
    "recipient.named_in_order",
    "order.signed_by_judge",
    "warrant.judicial",
    *ORDER_FLAGS,
}
PURPOSE_QUESTION = "purpose.established"
ROUNDS_MAX = 50


class Case:
    """One Ask with its packs: what can be said before a class is looked at."""

    def __init__(self, ask, packs):
        self.ask = ask
        self.loaded = packs
        self.packs = [packs[name] for name in dict.fromkeys(ask["packs"])]
        at = dt.datetime.fromisoformat(ask["at"])
        if at.tzinfo is None:
            raise ValueError("a time without a zone")
        self.days = (at.date(), at.astimezone(dt.UTC).date())
        self.facts = {k: v for k, v in (ask.get("facts") or {}).items() if v is not None}
        self.roles = words(ask["by"]["role"])
        self.relations = words(ask["by"]["relation"])
        asker = ask.get("purpose_by", "practice") == "asker"
        said = self.facts.get(PURPOSE_QUESTION)
        self.purpose_unestablished = said is not True if asker else said is False
        self.attributes = {
            "to": ask["to"],
            "purpose": ask["purpose"],
            "instrument": ask["instrument"],
            "act": ask.get("act", "hand_over"),
            "by.role": self.roles,
            "by.relation": self.relations,
        }
        self.consents = [c for c in ask.get("consents") or [] if self.consent_is_for_this(c)]
        self.orders = [o for o in ask.get("orders") or [] if self.order_counts(o)]
        self.grounds = [(p, g) for p in self.packs for g in p.get("ground", []) if self.fits(g)]
        self.locks = [(p, k) for p in self.packs for k in p.get("lock", []) if self.may_bar(k)]

    def fits(self, ground):
        """Everything about a ground that does not depend on facts or on the class."""
        hats = self.roles | self.relations
        return (
            ground.get("enabled", True)
            and ("by" not in ground or any(hat in hats for hat in ground["by"]))
            and self.names_this(ground, "to", "to")
            and self.names_this(ground, "purposes", "purpose")
            and self.names_this(ground, "instruments", "instrument")
            and self.attributes["act"] in ground.get("acts", ["hand_over"])
        )

    def may_bar(self, lock):
        """The same for a lock; an unestablished purpose is judged as if it matched."""
        return (
            lock.get("enabled", True)
            and self.names_this(lock, "to", "to")
            and self.names_this(lock, "acts", "act")
            and (self.purpose_unestablished or self.names_this(lock, "purposes", "purpose"))
        )

    def names_this(self, entry, key, attribute):
        return key not in entry or self.attributes[attribute] in entry[key]

    def in_time(self, paper):
        first, last = paper.get("from"), paper.get("until")
        return (first is None or date(first) <= min(self.days)) and (
            last is None or max(self.days) <= date(last)
        )

    def consent_is_for_this(self, consent):
        revoked = consent.get("revoked")
        return (
            (revoked is None or date(revoked) > max(self.days))
            and self.in_time(consent)
            and self.ask["to"] in words(consent.get("to"))
            and self.ask["purpose"] in words(consent.get("purposes"))
        )

    def order_counts(self, order):
        return order["kind"] == self.ask["instrument"] and self.in_time(order)

    def declared(self, name):
        """What the pack that owns a fact says of it; the packs that are loaded count."""
        owner = self.loaded.get(name.partition(".")[0].replace("_", "-"), {})
        return next((fact for fact in owner.get("fact", []) if fact["key"] == name), None)


def words(said):
    return frozenset([said] if isinstance(said, str) else said or [])


def date(said):
    return dt.date.fromisoformat(str(said)[:10])


def speaks_of(pack, class_):
    return class_ in pack["pack"].get("speaks_of", CLASSES)


class Judgement:
    """One class of one case: the status of every ground and lock, the layers, the verdict."""

    def __init__(self, case, class_, *, assuming=False):
        self.case = case
        self.class_ = class_
        self.assuming = assuming
        self.law = dict.fromkeys(LAW_FACTS, False)
        for _ in range(ROUNDS_MAX):
            self.applies = {
                pack["pack"]["id"]: self.truth(pack, pack["pack"].get("applies_when"))
                for pack in case.packs
            }
            self.grounds = {g["id"]: self.ground_status(p, g) for p, g in case.grounds}
            self.locks = {k["id"]: self.lock_status(p, k) for p, k in case.locks}
            law = self.facts_across_layers()
            if law == self.law:
                break
            self.law = law
        else:
            raise ValueError(f"the facts across layers never settle for {class_}")
        self.layers = {
            pack["pack"]["id"]: self.layer_verdict(pack)
            for pack in case.packs
            if speaks_of(pack, class_) and self.applies[pack["pack"]["id"]] is not False
        }
        self.verdict = across(list(self.layers.values()))

    # What an expression sees.

    def truth(self, pack, text):
        return True if text is None else truth(parse(text), functools.partial(self.see, pack))

    def see(self, pack, name):
        if name == "wanted":
            return self.class_
        if name == "purpose" and self.case.purpose_unestablished:
            return None
        if name in self.case.attributes:
            return self.case.attributes[name]
        if name in self.law:
            return self.law[name]
        if name.startswith("consent."):
            withholds, given = name == "consent.withholds", self.consents_for(pack, name)
            return bool(self.restrictions()) if withholds else any_of(map(self.covers, given))
        return self.fact(name)

    def fact(self, name):
        """Stated, joined with what order documents give, or assumed; else unknown."""
        stated = self.case.facts.get(name)
        if name == "client.restriction" and self.restrictions():
            return True
        if name == "client.paid_out_of_pocket" and any(r["paid"] for r in self.restrictions()):
            return True
        declared = self.case.declared(name) or {}
        if self.case.ask.get("orders"):
            order_fact = name if name in ORDER_FACTS else declared.get("reads")
            if order_fact:
                return self.joined(order_fact, stated)
        if stated is None and self.assuming:
            core = CORE_FACTS.get(name)
            stated = core.default if core else declared.get("default")
        return stated

    def restrictions(self):
        """Those agreed that name this class, this recipient and, if it is settled, the purpose."""
        return [
            r
            for r in self.case.ask.get("restrictions") or []
            if self.class_ in r["classes"]
            and self.case.ask["to"] in r["to"]
            and (self.case.purpose_unestablished or self.case.ask["purpose"] in r["purposes"])
        ]

    def joined(self, order_fact, stated):
        """What is stated can only narrow the documents; of secrecy, either is enough."""
        given = self.documents_give(order_fact)
        if order_fact == "order.secrecy":
            return given or stated is True
        return given and stated is not False

    def documents_give(self, name):
        to = self.case.ask["to"]
        naming = [o for o in self.case.orders if order_names(o, self.class_)]
        if name == "order.covers_these":
            return bool(naming)
        if name == "recipient.named_in_order":
            return any(to in words(o.get("to")) for o in naming)
        for_this = [o for o in naming if to == "court" or to in words(o.get("to"))]
        judges = [o for o in for_this if o.get("signed_by") == "judge"]
        if name in ORDER_FLAGS:
            return any(o.get(ORDER_FLAGS[name]) is True for o in judges)
        if name == "warrant.judicial":
            return any(o["kind"] == "search_warrant" for o in judges)
        return bool(judges)

    def consents_for(self, pack, name):
        """The consents that make a consent fact true if whoever signed was entitled to."""
        naming = [c for c in self.case.consents if consent_names(c, self.class_)]
        if name == "consent.form_ok":
            return [c for c in naming if self.has_every_element(c, pack)]
        if name == "consent.names_psychotherapy_notes":
            return [c for c in naming if "psychotherapy_note" in c["classes"]]
        if name == "consent.names_substance_use":
            listed = {"substance_use", "substance_use_counseling_note"}
            return [c for c in naming if listed & set(c["classes"])]
        return naming

    def has_every_element(self, consent, pack):
        forms = [
            form
            for form in pack.get("consent_form", [])
            if form.get("enabled", True)
            and ("classes" not in form or self.class_ in form["classes"])
        ]
        has = consent.get("elements") or {}
        return all(has.get(e["key"]) is True for form in forms for e in form.get("elements", []))

    def covers(self, consent):
        """Whether a consent that names all this covers it; never surely for a mere say-so."""
        settled = None if self.case.purpose_unestablished else True
        return all_of([self.signer(consent), settled])

    def signer(self, consent):
        """Whether whoever signed was entitled to: section 6, "Signer"."""
        age = self.fact("client.age")
        own_care = self.fact("client.consented_own_care")
        mature = self.fact("client.mature_minor")
        minor = None if age is None else age < 18
        if consent["by"] == "client":
            if self.fact("client.capacity") is False:
                return False
            return any_of([own_care, mature]) if minor else True
        if consent["by"] == "parent":
            return all_of([minor, negation(own_care), negation(mature)])
        shown = (consent.get("elements") or {}).get("signer_authority")
        return self.fact("recipient.has_legal_authority") if shown is None else shown

    def asked_of_consent(self, consent):
        """The facts that leave it unknown whether a consent covers."""
        purpose = [PURPOSE_QUESTION] if self.case.purpose_unestablished else []
        if self.signer(consent) is not None:
            return purpose
        facts = {
            "client": ("client.consented_own_care", "client.mature_minor"),
            "parent": ("client.age", "client.consented_own_care", "client.mature_minor"),
            "representative": ("recipient.has_legal_authority",),
        }[consent["by"]]
        return purpose + [name for name in facts if self.fact(name) is None]

    # Section 4: the status of a ground, of a lock.

    def ground_conditions(self, pack, ground):
        """Pairs of a condition's truth and the text or fact it stands on."""
        needs = [need.get("expr", need.get("fact")) for need in ground.get("needs", [])]
        texts = [pack["pack"].get("applies_when"), ground.get("when"), *needs]
        return [(self.truth(pack, text), text) for text in texts]

    def done_facts(self, ground):
        return [way["done"] for way in ground.get("ways", []) if way.get("done")]

    def ground_status(self, pack, ground):
        if (
            self.class_ not in ground.get("covers", CLASSES)
            or self.class_ in ground.get("excludes", ())
            or not speaks_of(pack, self.class_)
        ):
            return "not_applicable"
        applies, when, *needs = [found for found, _ in self.ground_conditions(pack, ground)]
        if applies is False or when is False:
            return "not_applicable"
        dones = [self.fact(name) for name in self.done_facts(ground)]
        if False in needs or True in dones:
            return "unmet"
        if None in (applies, when, *needs, *dones) or not ground["verified"]:
            return "open"
        return "open" if self.hangs_on_purpose(ground) else "met"

    def hangs_on_purpose(self, ground):
        return self.case.purpose_unestablished and "purposes" in ground

    def lock_status(self, pack, lock):
        if self.class_ not in lock.get("classes", CLASSES) or not speaks_of(pack, self.class_):
            return "off"
        applies, when = self.applies[pack["pack"]["id"]], self.truth(pack, lock.get("when"))
        openers = [self.grounds[g["id"]] for _, g in self.openers(pack, lock)]
        if applies is False or when is False or "met" in openers:
            return "off"
        if None in (applies, when) or "open" in openers or self.bars_other_purposes(lock):
            return "unsure"
        return "on"

    def bars_other_purposes(self, lock):
        """Only an unestablished purpose lets such a lock be judged at all."""
        return not self.case.names_this(lock, "purposes", "purpose")

    def openers(self, pack, lock):
        listed = lock.get("opens_for", [])
        return [
            (owner, ground)
            for owner, ground in self.case.grounds
            if ground["id"] in listed
            or ("must" in listed and ground["force"] == "must")
            or (ground["limit"] in listed and owner is pack)
        ]

    def facts_across_layers(self):
        law_grounds = [(g, self.grounds[g["id"]]) for p, g in self.case.grounds if is_law(p)]
        law_locks = [self.locks[k["id"]] for p, k in self.case.locks if is_law(p)]
        told = {"met": True, "open": None, "on": True, "unsure": None}
        return {
            "law.requires": any_of(
                told.get(status, False) for g, status in law_grounds if g["force"] == "must"
            ),
            "law.permits": any_of(told.get(status, False) for _, status in law_grounds),
            "law.forbids": any_of(told.get(status, False) for status in law_locks),
        }

    # Section 5: one layer.

    def own_grounds(self, pack, status):
        return [g for p, g in self.case.grounds if p is pack and self.grounds[g["id"]] == status]

    def own_locks(self, pack, status):
        return [k for p, k in self.case.locks if p is pack and self.locks[k["id"]] == status]

    def layer_verdict(self, pack):
        met, undecided = self.own_grounds(pack, "met"), self.own_grounds(pack, "open")
        defers = pack["pack"]["default"] == "defer"
        if self.own_locks(pack, "on"):
            return "barred"
        if self.own_locks(pack, "unsure") and (met or undecided or defers):
            return "open"
        if met:
            return "must" if any(g["force"] == "must" for g in met) else "may"
        if defers:
            return "quiet"
        if undecided or self.applies[pack["pack"]["id"]] is None:
            return "open"
        return "barred"

    # Which facts to ask for.

    def asked(self):
        """The facts behind the layers that are open."""
        found = []
        for pack in self.case.packs:
            if self.layers.get(pack["pack"]["id"]) != "open":
                continue
            found += self.asked_of_text(pack, pack["pack"].get("applies_when"), set())
            for lock in self.own_locks(pack, "unsure"):
                found += self.asked_of_lock(pack, lock, set())
            if pack["pack"]["default"] == "closed" and not self.own_grounds(pack, "met"):
                for ground in self.own_grounds(pack, "open"):
                    found += self.asked_of_ground(pack, ground, set())
        return found

    def asked_of_ground(self, pack, ground, walked):
        if ground["id"] in walked:
            return []
        walked.add(ground["id"])
        conditions = self.ground_conditions(pack, ground)
        dones = [name for name in self.done_facts(ground) if self.fact(name) is None]
        found = [f for _, text in conditions for f in self.asked_of_text(pack, text, walked)]
        found += dones
        purpose = self.hangs_on_purpose(ground)
        found += [PURPOSE_QUESTION] if purpose else []
        if not (purpose or dones or None in [told for told, _ in conditions]):
            found.append(f"signed:{pack['pack']['id']}/{ground['id']}")
        return found

    def asked_of_lock(self, pack, lock, walked):
        if lock["id"] in walked:
            return []
        walked.add(lock["id"])
        found = self.asked_of_text(pack, pack["pack"].get("applies_when"), walked)
        found += self.asked_of_text(pack, lock.get("when"), walked)
        found += [PURPOSE_QUESTION] if self.bars_other_purposes(lock) else []
        for owner, ground in self.openers(pack, lock):
            if self.grounds[ground["id"]] == "open":
                found += self.asked_of_ground(owner, ground, walked)
        return found

    def asked_of_text(self, pack, text, walked):
        if text is None:
            return []
        names = unknown_facts(parse(text), functools.partial(self.see, pack))
        return [f for name in names for f in self.asked_of_fact(pack, name, walked)]

    def asked_of_fact(self, pack, name, walked):
        if name == "consent.withholds":
            return []
        if name.startswith("consent."):
            unsure = [c for c in self.consents_for(pack, name) if self.covers(c) is None]
            return [f for consent in unsure for f in self.asked_of_consent(consent)]
        if name == "law.forbids":
            locks = [(p, k) for p, k in self.case.locks if is_law(p)]
            unsure = [(p, k) for p, k in locks if self.locks[k["id"]] == "unsure"]
            return [f for p, k in unsure for f in self.asked_of_lock(p, k, walked)]
        if name in LAW_FACTS:
            return [
                f
                for p, g in self.case.grounds
                if is_law(p)
                and self.grounds[g["id"]] == "open"
                and (g["force"] == "must" or name == "law.permits")
                for f in self.asked_of_ground(p, g, walked)
            ]
        return [PURPOSE_QUESTION if name == "purpose" else name]


def is_law(pack):
    return pack["pack"]["id"] != "house"


def order_names(order, class_):
    listed = order.get("classes") or []
    return class_ in listed or (EVERYTHING in listed and class_ not in PROCESS_NOTES)


def consent_names(consent, class_):
    """Whether a consent names a class; one to process notes is a consent of its own kind."""
    listed = consent.get("classes") or []
    if class_ in PROCESS_NOTES:
        return class_ in listed and set(listed) <= PROCESS_NOTES
    return class_ in listed or (EVERYTHING in listed and class_ not in NAMED_ONE_BY_ONE)


def across(layers):
    """One verdict from the verdicts of the layers."""
    if "barred" in layers:
        return "conflict" if "must" in layers else "barred"
    return next((v for v in ("open", "must", "may") if v in layers), "barred")
