"""A text as a picture that a telephone reads, for a page."""

from __future__ import annotations

import segno


def qr_address(text: str) -> str:
    """The text as a QR code: the `data:` address of a picture in SVG, dark on white."""
    code = segno.make(text, error="m", boost_error=False, micro=False)
    return code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
