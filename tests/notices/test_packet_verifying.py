"""`verify_packet`: the whole check, for every form in which a packet comes back."""

import dataclasses
import io
import random

import pikepdf
import pytest

from angerona.ciphers.encoding import packed
from angerona.ciphers.signing import Signer
from angerona.errors import BadInput, Forged
from angerona.notices import typesetting
from angerona.notices.packet_files import DOMAIN, FILE_BYTES_MAX, fingerprint
from angerona.notices.packet_locks import PDF_BYTES_MAX
from angerona.notices.packet_pages import pages_of, spaced
from angerona.notices.packet_verifying import (
    PAGES,
    read_fingerprint,
    signed_within,
    verify_packet,
)
from notices.handover import CLINICAL


def test_each_form_verifies_and_says_what_was_checked(signed, pdf, locked, key):
    data = verify_packet(signed.as_json(), key=key)
    pages = verify_packet(pdf, key=key)
    both = verify_packet(locked.pdf, key=key, passphrase=locked.passphrase)
    assert (data.pages, pages.pages, both.pages) == ("none", "same", "same")
    assert data.signed == pages.signed == both.signed == signed
    when = "23 November 2026, 10:00 (UTC+00:00)"
    assert pages.sentences == (
        f"Packet 0001-0203 was prepared by Harbour Counselling on {when}.",
        f"It is signed with the key {spaced(key)}.",
        "Its terms, its statements and its 2 parts are what was signed.",
        "The pages are exactly what was signed.",
    )
    assert not [word for word in CLINICAL for one in pages.sentences if word in one]


def test_a_file_is_read_from_its_path(tmp_path, pdf, key):
    path = tmp_path / "packet.pdf"
    path.write_bytes(pdf)
    assert verify_packet(path, key=key).pages == "same"
    with pytest.raises(BadInput, match="the packet: cannot be read"):
        verify_packet(tmp_path / "none.pdf", key=key)
    with pytest.raises(BadInput, match="the packet: cannot be read"):
        verify_packet(tmp_path, key=key)
    with path.open("wb") as file:
        file.truncate(max(PDF_BYTES_MAX, FILE_BYTES_MAX) + 1)
    with pytest.raises(BadInput, match="the packet: too large"):
        verify_packet(path, key=key)


def test_another_key_is_refused_in_every_form(signed, pdf, locked):
    stranger = fingerprint(Signer.from_seed(b"stranger" * 4).public)
    for data in (signed.as_json(), pdf, locked.pdf):
        with pytest.raises(Forged, match="signed with another key"):
            verify_packet(data, key=stranger, passphrase=locked.passphrase)


def rewritten(pdf, change, password=""):
    """The file after somebody who can open it changed it, locked as before."""
    with pikepdf.open(io.BytesIO(pdf), password=password) as document:
        change(document)
        out = io.BytesIO()
        lock = pikepdf.Encryption(user=password, owner=password, R=6) if password else False
        document.save(out, encryption=lock)
    return out.getvalue()


def other_words(document):
    page = document.pages[1]
    page.Contents.write(page.Contents.read_bytes().replace(b"TJ", b"Tj", 1))


def one_page_less(document):
    del document.pages[0]


def a_page_more(document):
    document.add_blank_page()


def a_note_on_the_page(document):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Contents="no")
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])


def a_second_file(document):
    document.attachments["more.json"] = pikepdf.AttachedFileSpec(document, b"{}")


@pytest.mark.parametrize(
    "change", [other_words, one_page_less, a_page_more, a_note_on_the_page, a_second_file]
)
def test_pages_that_were_changed_around_true_data_are_refused(pdf, locked, key, change):
    words = "the pages are not those that were signed; only the data within is authentic"
    with pytest.raises(Forged, match=words):
        verify_packet(rewritten(pdf, change), key=key)
    again = rewritten(locked.pdf, change, locked.passphrase)
    with pytest.raises(Forged, match=words):
        verify_packet(again, key=key, passphrase=locked.passphrase)
    assert (
        signed_within(again, key=key, passphrase=locked.passphrase).packet.short_id == "0001-0203"
    )


def test_a_file_that_was_not_locked_is_compared_byte_for_byte(pdf, key):
    for other in (pdf + b"\n% a remark\n", rewritten(pdf, lambda _document: None)):
        with pytest.raises(Forged, match="the pages are not those that were signed"):
            verify_packet(other, key=key)


def test_a_locked_file_locked_anew_is_still_the_same(locked, key):
    again = rewritten(locked.pdf, lambda _document: None, locked.passphrase)
    assert again != locked.pdf
    assert verify_packet(again, key=key, passphrase=locked.passphrase).pages == "same"


def test_data_that_was_changed_within_its_pages_is_refused(pdf, signed, key):
    def other_data(document):
        found = document.attachments["packet.json"].get_file().read_bytes()
        del document.attachments["packet.json"]
        false = found.replace(b"in early remission", b"not in remission")
        assert false != found
        document.attachments["packet.json"] = pikepdf.AttachedFileSpec(document, false)

    with pytest.raises(Forged, match="part 2 is not the one that was signed"):
        verify_packet(rewritten(pdf, other_data), key=key)
    assert signed_within(pdf, key=key) == signed
    assert signed_within(signed.as_json(), key=key) == signed


def test_pages_of_another_packet_do_not_pass_with_this_one_s_data(packet, signer, signed, key):
    other = dataclasses.replace(packet, name="Somebody Else")
    message = packed(DOMAIN, dataclasses.replace(signed, packet=other).manifest)
    foreign = dataclasses.replace(signed, packet=other, signature=signer.sign(message))

    def exchanged(document):
        del document.attachments["packet.json"]
        within = pikepdf.AttachedFileSpec(document, signed.as_json())
        document.attachments["packet.json"] = within

    with pytest.raises(Forged, match="the pages are not those"):
        verify_packet(rewritten(pages_of(foreign), exchanged), key=key)


def test_pages_set_by_another_release_are_said_to_be_uncompared(signed, signer, key, monkeypatch):
    older = dataclasses.replace(signed, set_by="typst 0.1, Unicode 1, templates 0")
    older = dataclasses.replace(older, signature=signer.sign(packed(DOMAIN, older.manifest)))
    found = verify_packet(pages_of(older), key=key)
    assert found.pages == "uncompared"
    assert found.sentences[-1].startswith("The pages were not compared: another release set them.")
    renamed = dataclasses.replace(signed, set_by="typst 0.1, Unicode 1, templates 0")
    with pytest.raises(Forged):
        verify_packet(renamed.as_json(), key=key)
    pdf = pages_of(signed)
    monkeypatch.setattr(typesetting, "set_by", lambda: "")
    assert verify_packet(pdf, key=key).pages == "uncompared"


def test_no_damage_passes_unseen(pdf, locked, key):
    """A file damaged at random is refused by one of our errors, or everything read is the same."""
    chance = random.Random(8)
    refusals = []
    for data, passphrase in ((pdf, None), (locked.pdf, locked.passphrase)):
        for _ in range(12):
            damaged = bytearray(data)
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            try:
                found = verify_packet(bytes(damaged), key=key, passphrase=passphrase)
            except (BadInput, Forged) as refusal:
                refusals.append(str(refusal))
            else:
                assert passphrase, "a file that was not locked is compared byte for byte"
                assert found.pages == "same"
    assert len(refusals) >= 18
    assert not [word for word in CLINICAL for one in refusals if word in one]


def test_a_fingerprint_is_read_as_people_type_it(key):
    assert read_fingerprint(spaced(key)) == key
    assert read_fingerprint(key.hex().upper()) == key
    for wrong in ("", "zz", key.hex()[:-2], f"{key.hex()}00"):
        with pytest.raises(BadInput, match="fingerprint: not one"):
            read_fingerprint(wrong)


def test_every_word_about_pages_is_a_plain_sentence():
    assert all(said.endswith(".") for said in PAGES.values())
