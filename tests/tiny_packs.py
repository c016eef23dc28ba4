"""Tiny invented packs and Asks, for cases worked out by hand."""

from naive_reader import decide


def pack(name="law", *, default="closed", grounds=(), locks=(), **rest):
    """A pack as a raw table; what is not one of its lists belongs to its head."""
    duties, facts = rest.pop("duties", ()), rest.pop("facts", ())
    return {
        "pack": {"id": name, "default": default, **rest},
        "fact": [{"type": "bool", **fact} for fact in facts],
        "ground": list(grounds),
        "lock": list(locks),
        "duty": list(duties),
    }


def ground(name="law.g", *needs, **keys):
    listed = [{"expr": need, "ask": "?"} for need in needs]
    usual = {"verified": True, "limit": "other", "force": "may", "needs": listed}
    return {"id": name, **usual, **keys}


def must(name="law.m", *needs, **keys):
    return ground(name, *needs, force="must", **keys)


def lock(name="law.l", **keys):
    return {"id": name, "verified": True, **keys}


def duty(name="law.d", **keys):
    return {"id": name, "kind": "record", "mode": "required", "what": "w", **keys}


def notice(name, mode, on=("release",), **keys):
    return duty(name, kind="notice", mode=mode, to="client", on=list(on), **keys)


def answer(*packs, facts=None, wants=("risk",), **keys):
    """The Answer to an Ask that names all these packs."""
    ask = {
        "packs": [p["pack"]["id"] for p in packs],
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "psychologist", "relation": "treating"},
        "to": "police",
        "purpose": "protection",
        "instrument": "none",
        "wants": list(wants),
        "facts": facts or {},
        **keys,
    }
    return decide(ask, {p["pack"]["id"]: p for p in packs})


def verdict(*packs, **keys):
    return answer(*packs, **keys)["classes"]["risk"]
