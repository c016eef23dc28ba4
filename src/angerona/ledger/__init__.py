"""The ledger: a list that can only grow, of which everyone can check their own part."""
