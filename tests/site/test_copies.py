"""A record taken along from the browser."""

import io
import json
import zipfile

from prepared_practice import WRITTEN, text_of


def address(site, client="Ada"):
    return f"/clients/{site.prepared.clients[client].hex()}/copy"


def test_who_treats_takes_one_file_with_everything(site):
    tess = site.signed_in("Tess")
    page = tess.get(address(site))
    assert "in clear" in page.text
    answer = tess.post(address(site))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "Ada" not in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        document = json.loads(packed.read("record.json"))
        assert {one["text"] for one in document["entries"]} >= {
            text_of("Ada", wanted) for wanted in WRITTEN
        }
        for one in document["entries"]:
            if one["file"]:
                assert packed.read(one["file"]).startswith(b"The file: Ada")
        assert "record.pdf" in packed.namelist()


def test_it_asks_again_who_it_is_when_that_was_some_time_ago(site):
    tess = site.signed_in("Tess")
    tess.get(address(site))
    site.clock.goes_on(minutes=10)
    answer = tess.post(address(site))
    assert answer.headers["content-type"].startswith("text/html")
    assert "password" in answer.text.lower()


def test_who_supervises_takes_nothing_along(site):
    sue = site.signed_in("Sue")
    sue.get("/clients")
    assert sue.post(address(site)).status == 404
