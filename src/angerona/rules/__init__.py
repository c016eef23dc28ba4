"""The rules: pure functions from an Ask and the packs it names to an Answer.

No I/O, no clock, no logging.
"""
