"""Takes a receipt apart and puts it together again, so that a test can tamper with any part."""

import base64
import hashlib
import json
from dataclasses import dataclass

from angerona.ledger.verifying import MAGIC


@dataclass
class Paper:
    """A receipt in its parts: `extra` as the table, the rest as lines of text."""

    extra: dict
    index: str
    proof: list
    note: str
    magic: str = MAGIC

    @classmethod
    def of(cls, text):
        above, _, note = text.partition("\n\n")
        magic, extra, index, *proof = above.split("\n")
        told = json.loads(base64.b64decode(extra.removeprefix("extra ")))
        return cls(told, index.removeprefix("index "), proof, note, magic)

    def text(self):
        told = base64.b64encode(json.dumps(self.extra).encode()).decode()
        lines = [self.magic, f"extra {told}", f"index {self.index}", *self.proof]
        return "\n".join([*lines, "", self.note])

    def bytes_of(self, name):
        return base64.b64decode(self.extra[name])

    def put(self, name, raw):
        self.extra[name] = base64.b64encode(raw).decode()

    def leaf(self, place):
        return base64.b64decode(self.extra["lines"][place][0])

    def put_leaf(self, place, raw):
        self.extra["lines"][place][0] = base64.b64encode(raw).decode()

    def state(self, lines=None, root=None, keys=None, entries=None):
        """Write another state, and leave the rest as it is."""
        raw = self.bytes_of("state")
        parts = [raw[:8], raw[8:40], raw[40:72], raw[72:]]
        new = [None if lines is None else lines.to_bytes(8), root, keys, entries]
        self.put("state", b"".join(one or old for one, old in zip(new, parts, strict=True)))

    def root_over_lines(self):
        """The root that the lines shown would have, worked out naively."""
        hashes = [
            hashlib.sha256(b"\0" + self.leaf(place)).digest()
            for place in range(len(self.extra["lines"]))
        ]

        def root(part):
            if len(part) == 1:
                return part[0]
            k = 1 << (len(part) - 1).bit_length() - 1
            return hashlib.sha256(b"\1" + root(part[:k]) + root(part[k:])).digest()

        return root(hashes)


def flipped(raw, place=0):
    """The same bytes with one bit changed."""
    return bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
