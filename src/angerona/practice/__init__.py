"""What people do in a practice: enrol, tie, consent, keep, hand over, each with its ledger line."""
