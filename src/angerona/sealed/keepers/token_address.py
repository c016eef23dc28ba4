"""Which key in which security module: the address after `pkcs11:`.

```
pkcs11:module=/usr/lib/softhsm/libsofthsm2.so;token=angerona;object=boot
```

In the manner of RFC 7512: `name=value`, parted by `;`, percent-encoded where a value holds one of
the signs `;`, `=` and `%`.

module     the module's library, a whole path
token      the label of the token
object     the label of the key
serial     the serial number of the token, where two have the same label (may be left out)
wrapped    the file of the wrapped boot secret beside the settings (else `boot-secret.wrapped`)
pin-file   a file of its owner's alone that holds the PIN, a whole path (else the PIN is asked for)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from angerona.errors import BadInput, one_of

_PLACE: Final = "keeper: pkcs11"
NEEDED: Final = ("module", "token", "object")
NAMES: Final = (*NEEDED, "serial", "wrapped", "pin-file")
_PATHS: Final = ("module", "pin-file")
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}\Z")
_WRAPPED: Final = "boot-secret.wrapped"


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """A key of a token, the file it wraps, and where the PIN comes from (None: a person)."""

    module: Path
    token: str
    object: str
    serial: str | None
    wrapped: Path
    pin_file: Path | None


def read_token_address(rest: str, folder: Path) -> TokenAddress:
    """Read an address. Raises `BadInput` for an unknown, missing, doubled or empty part."""
    given = _parts(rest)
    for name in NEEDED:
        if name not in given:
            raise BadInput(_PLACE, f"{name}= is missing", f"needed: {', '.join(NEEDED)}")
    for name in _PATHS:
        if name in given and not Path(given[name]).is_absolute():
            raise BadInput(_PLACE, f"{name}= is not a whole path", "it begins at the root")
    wrapped = given.get("wrapped", _WRAPPED)
    if not _FILE_NAME.match(wrapped):
        raise BadInput(_PLACE, "wrapped= is not a file name", "a file beside the settings")
    return TokenAddress(
        module=Path(given["module"]),
        token=given["token"],
        object=given["object"],
        serial=given.get("serial"),
        wrapped=folder / wrapped,
        pin_file=Path(given["pin-file"]) if "pin-file" in given else None,
    )


def _parts(rest: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for part in rest.split(";"):
        name, equals, value = part.partition("=")
        if name not in NAMES:
            raise BadInput(_PLACE, "an unknown part", one_of(NAMES, name))
        if name in given:
            raise BadInput(_PLACE, f"{name}= stands twice")
        given[name] = _decoded(name, value)
        if not equals or not given[name]:
            raise BadInput(_PLACE, f"{name}= is empty")
    return given


def _decoded(name: str, value: str) -> str:
    try:
        text = unquote(value, errors="strict")
    except UnicodeDecodeError as problem:
        raise BadInput(_PLACE, f"{name}= is not UTF-8 text") from problem
    if not text.isprintable():
        raise BadInput(_PLACE, f"{name}= holds signs that cannot be printed")
    return text
