"""Words that people type, each with the same rare syllables in it, so that any part is found."""

import itertools

TOKEN = "quolphen"
TELEPHONE = "+1 415 555 0182"
BORN = "1987-11-23"


class Words:
    """Gives words to type, and remembers what else must not be found."""

    def __init__(self):
        self._numbers = itertools.count(1)
        self.secrets = {}

    def typed(self, what):
        """A few words; every one of them can be found by `TOKEN`, also if one alone leaks."""
        number = next(self._numbers)
        return f"{TOKEN}{what} {TOKEN.title()}é{number} {TOKEN}n{number}"

    def secret(self, name, value):
        """A password, a code or a key: to be searched for as it is."""
        self.secrets[name] = value
        return value


def needles(secrets):
    """What to look for: the syllables, the numbers people have, every secret without syllables."""
    found = {
        "typed words": TOKEN,
        "telephone": TELEPHONE,
        "telephone, digits": TELEPHONE.replace(" ", "").lstrip("+"),
        "date of birth": BORN,
    }
    return found | {
        name: value
        for name, value in secrets.items()
        if isinstance(value, bytes) or TOKEN not in value
    }
