"""A report in writing: what it is made of, and what it does of that which a call left owed."""

import re

import pytest

from angerona.practice.matters import found
from angerona.practice.told import still_owed
from running_site import running
from telling_pages import CHILD, SAFE, SECRET, begun, content_of, page_of


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as made:
        yield made


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def test_the_report_in_writing_is_what_was_gathered_and_leaves_at_once(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    form = f"/clients/{ada.hex()}/matters/{digits}/told"
    visitor.post(form, {"act": "send", "told:child": SECRET})
    sent = visitor.post(f"{to}/writing", {"wants": ["abuse"]})
    assert sent.to == f"/matters/{digits}/leaves"
    page = visitor.get(sent.to).text
    assert SECRET in page
    assert "A second reader first" not in page
    seen = re.search(r'name="seen" value="(\w{64})"', page)[1]
    got = visitor.post(sent.to, {"seen": seen, "how": "by post", "form": "json"})
    assert got.status == 200, got.text
    assert SECRET.encode() in got.data
    assert b"Ada and nobody else" not in got.data, "nothing but what was gathered"
    assert content_of(site, digits).more["told"][0]["how"] == "by post"
    assert "Still owed" in page_of(visitor, digits, "reports")


def owed_in(visitor, digits):
    shown = page_of(visitor, digits, "reports").partition("Still owed")[2].partition("Whom to")[0]
    return re.sub(r"\s+", " ", shown)


def test_a_report_in_writing_does_what_a_call_left_owed_and_leaves_nothing_owed_twice(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    visitor.post(to, {"done": ["us-ca.duty.child_report_1"]})
    assert owed_in(visitor, digits).count("Written report, form SS 8572") == 1
    visitor.post(f"/clients/{ada.hex()}/matters/{digits}/told", {"act": "send", "told:child": "Bo"})
    leaves = visitor.post(f"{to}/writing", {"wants": ["abuse"]}).to
    page = visitor.get(leaves).text
    ticked = re.findall(r'name="done" value="([^"]+)" checked', page)
    assert ticked == ["us-ca.duty.child_report_2"], "the call was made, and is asked no more"
    seen = re.search(r'name="seen" value="(\w{64})"', page)[1]
    fields = {"seen": seen, "how": "by post", "form": "json", "done": ticked}
    assert visitor.post(leaves, fields).status == 200
    owed = owed_in(visitor, digits)
    assert "Written report" not in owed
    assert "Telephone the agency" not in owed
    assert owed.count("Choose whether to tell the client") == 1


def test_what_goes_in_writing_and_is_no_report_leaves_the_report_owed_once(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    visitor.post(to, {"done": ["us-ca.duty.child_report_1"]})
    visitor.post(f"/clients/{ada.hex()}/matters/{digits}/told", {"act": "send", "told:child": "Bo"})
    leaves = visitor.post(f"{to}/writing", {"wants": ["abuse"]}).to
    seen = re.search(r'name="seen" value="(\w{64})"', visitor.get(leaves).text)[1]
    notice = "us-ca.duty.no_such_rule"
    fields = {"seen": seen, "how": "by post", "form": "json", "done": [notice]}
    assert visitor.post(leaves, fields).status == 200
    assert owed_in(visitor, digits).count("Written report, form SS 8572") == 1


def test_a_telling_does_only_what_has_a_time_limit_whatever_a_form_says(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    visitor.post(to, {"done": ["us-ca.duty.child_report_1"]})
    with site.practice.visit("Tess", site.clock.at) as visit:
        left = still_owed(visit, found(visit, bytes.fromhex(digits)))
    others = [one.row.duty["id"] for one in left if one.row.duty["kind"] != "deadline"]
    assert others
    visitor.post(to, {"done": others})
    with site.practice.visit("Tess", site.clock.at) as visit:
        after = still_owed(visit, found(visit, bytes.fromhex(digits)))
    assert {one.duty_id for one in left} <= {one.duty_id for one in after}
