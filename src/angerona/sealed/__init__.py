"""Keys and what they seal: two locks on every clinical word, and no key outside an open session.

Lock A is the person's own credential (`people.py`), lock B the practice's boot secret (`boot.py`,
`keepers/`). `client_keys.py` says how a record's keys are made, `wraps.py` how they are given,
`key_holders.py` how a quorum opens one record. Only `opening.py` gives out what was sealed, and it
needs a Permit and the ledger's `Written`.
"""
