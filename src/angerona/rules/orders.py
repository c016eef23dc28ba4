"""Orders and warrants as documents: what they say of each class (docs/LANGUAGE.md section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.rules.facts import ORDER_FACTS
from angerona.words import EVERYTHING, PROCESS_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.ask import Ask, Order, Value
    from angerona.rules.compile import Law


def order_values(law: Law, ask: Ask, wanted: str) -> Iterator[tuple[str, bool]]:
    """The order facts for one class, from the documents and what the Ask states besides.

    Includes the facts that packs declare to read an order fact (`reads`).
    """
    documents = _from_documents(ask, wanted)
    for fact in ORDER_FACTS:
        yield fact, _joined(fact, documents[fact], ask.facts.get(fact))
    for key, declared in law.vocabulary.items():
        if declared.reads:
            found = documents[declared.reads]
            yield key, _joined(declared.reads, found, ask.facts.get(key))


def is_order_fact(law: Law, fact: str) -> bool:
    """Whether a fact gets its value from order documents when there are any."""
    return fact in ORDER_FACTS or bool(law.vocabulary[fact].reads)


def naming(ask: Ask, wanted: str) -> list[Order]:
    """The order documents that name a class: of the kind in hand, and in force on the day."""
    return [
        order
        for order in ask.orders
        if order.kind == ask.instrument and _in_force(order, ask) and _names(order, wanted)
    ]


def _joined(fact: str, document: bool, stated: Value | None) -> bool:
    """A stated fact can only narrow what the documents give; for secrecy either one is enough."""
    if not isinstance(stated, bool):
        return document
    return document or stated if fact == "order.secrecy" else document and stated


def _from_documents(ask: Ask, wanted: str) -> dict[str, bool]:
    named_by = naming(ask, wanted)
    for_us = [order for order in named_by if ask.to == "court" or ask.to in order.to]
    judged = [order for order in for_us if order.signed_by == "judge"]
    return {
        "order.covers_these": bool(named_by),
        "recipient.named_in_order": any(ask.to in order.to for order in named_by),
        "order.signed_by_judge": bool(judged),
        "warrant.judicial": any(order.kind == "search_warrant" for order in judged),
        "order.part2_findings": any(order.part2_findings for order in judged),
        "order.names_notes": any(order.names_notes for order in judged),
        "order.secrecy": any(order.secrecy for order in judged),
    }


def _in_force(order: Order, ask: Ask) -> bool:
    first, last = ask.days
    return (order.starts is None or order.starts <= first) and (
        order.ends is None or order.ends >= last
    )


def _names(order: Order, wanted: str) -> bool:
    return wanted in order.classes or (EVERYTHING in order.classes and wanted not in PROCESS_NOTES)
