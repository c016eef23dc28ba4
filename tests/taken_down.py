"""Requests as they are taken down in these tests, and the way through their pages."""

import re
from dataclasses import replace

from consenting import TERMS, signed
from prepared_practice import AT

INSURER = {
    "to": "insurer",
    "name": "Harbour Mutual",
    "reach": "1 Quay Street",
    "reference": "HM-7",
    "instrument": "consent",
    "purpose": "insurance",
    "wants": ["diagnosis"],
    "received": AT.strftime("%Y-%m-%dT%H:%M"),
    "answer_by": "2026-03-20",
    "may_tell": "yes",
}
COURT = {
    **INSURER,
    "to": "court",
    "name": "Superior Court",
    "instrument": "court_order",
    "purpose": "legal_proceeding",
    "wants": ["progress_note", "risk"],
}
ONE_CLASS = replace(TERMS, classes=("diagnosis",))
_FACT = re.compile(r'name="fact" value="([^"]+)">\n<fieldset>')


def consented(site, ada):
    return signed(site.practice, ada, ONE_CLASS)


def taken_down(site, fields, who="Tess", client=None):
    visitor = site.in_session(who)
    visitor.get("/requests/new")
    answer = visitor.post("/requests/new", {**fields, "client": client.hex() if client else ""})
    assert answer.status == 303, answer.text
    return visitor, answer.to.partition("?")[0]


def matter_of(path):
    return f"/matters/{path.rpartition('/')[2]}"


def answered(visitor, path, facts=None):
    """Answer each question that decides: yes to all, or as given and else that it is not known."""
    asked = []
    for _ in range(30):
        page = visitor.get(path)
        assert page.status == 200, page.text
        fact = _FACT.search(page.text)
        if fact is None:
            return page, asked
        asked.append(fact[1])
        value = True if facts is None else facts.get(fact[1])
        said = {True: "yes", False: "no", None: "unknown"}[value]
        given = visitor.post(f"{matter_of(path)}/answers", {"fact": fact[1], "value": said})
        assert given.status == 303, given.text
    raise AssertionError(asked)


def chosen(visitor, path, count=None):
    """Tick the first entries that may go, or leave it at what is ticked."""
    about = matter_of(path)
    page = visitor.get(f"{about}/choose")
    ticked = re.findall(r'name="entry" value="(\w{32})" checked', page.text)
    entries = re.findall(r'name="entry" value="(\w{32})"', page.text)
    given = ticked if count is None else entries[:count]
    assert visitor.post(f"{about}/choose", {"entry": given}).to == f"{about}/leaves"
    return given


def leaving(visitor, path, **more):
    about = matter_of(path)
    page = visitor.get(f"{about}/leaves")
    seen = re.search(r'name="seen" value="(\w{64})"', page.text)
    assert seen, page.text
    return {"seen": seen[1], "how": "by post", "form": "json", **more}


def last(site, client_id):
    return site.practice.vault.ledger.lines_of(client_id)[-1]


def kinds(site, client_id):
    return [one.kind for one in site.practice.vault.ledger.lines_of(client_id)]
