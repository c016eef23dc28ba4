"""The desk in a browser: the week, finding somebody, an appointment, a feed."""

import re

import pytest

from running_site import running


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("desk") / "practice") as found:
        yield found


def path(site, client="Ada"):
    return f"/clients/{site.prepared.clients[client].hex()}/appointments"


@pytest.fixture
def appointment(site):
    """One of Ada with Tess, on Thursday at two: made once, whichever test comes first."""
    fay = site.signed_in("Fay")
    if "14:00" not in fay.get("/desk?on=2026-03-03").text:
        fay.get(path(site))
        assert fay.post(path(site), typed(site)).to == f"{path(site)}?done=appointment"


def typed(site, **more):
    tess = site.practice.people["Tess"].hex()
    return {"with": tess, "starts": "2026-03-05T14:00", "minutes": "50", "title": ""} | more


@pytest.mark.usefixtures("appointment")
def test_the_desk_makes_an_appointment_and_sees_it_in_the_week(site):
    fay = site.signed_in("Fay")
    assert fay.get("/").to == "/desk"
    week = fay.get("/desk?on=2026-03-03").text
    assert "14:00" in week
    assert "Ada" in week
    assert "14:00" not in fay.get("/desk?on=2026-03-10").text
    assert "14:00" in fay.get("/desk?as=day&on=2026-03-05").text
    assert "14:00" not in fay.get("/desk?as=day&on=2026-03-04").text
    assert "14:00" not in site.signed_in("Theo").get("/desk?on=2026-03-03").text


@pytest.mark.parametrize(
    "asked",
    [
        *("?on=nonsense", "?as=year", "?on=2026-02-31&as=day", ""),
        *("?on=9999-12-31&as=day", "?on=0001-01-01"),
    ],
)
def test_a_day_that_is_none_is_today(site, asked):
    page = site.in_session("Fay" if asked else "Bill").get(f"/desk{asked}")
    assert page.status == 200
    assert "2 March 2026" in page.text


@pytest.mark.parametrize("wrong", [{"starts": "soon"}, {"minutes": "many"}, {"title": "x" * 99}])
def test_what_is_wrong_comes_back_as_it_was_typed(site, wrong):
    tess = site.signed_in("Tess")
    tess.get(path(site))
    answer = tess.post(path(site), typed(site, **wrong))
    assert answer.status == 422
    assert next(iter(wrong.values())) in answer.text


def test_an_appointment_is_cancelled(site):
    tess = site.signed_in("Tess")
    tess.get(path(site))
    tess.post(path(site), typed(site, starts="2026-03-06T09:15"))
    page = tess.get(path(site)).text
    gone = re.findall(rf"{path(site)}/[0-9a-f]{{32}}/cancelled", page)[-1]
    assert tess.post(gone).to == f"{path(site)}?done=cancelled"
    assert "cancelled" in tess.get("/desk?on=2026-03-06").text


def test_somebody_is_found_and_the_words_stand_in_no_address(site):
    fay = site.signed_in("Fay")
    fay.get("/desk")
    answer = fay.post("/desk/find", {"words": "ad"})
    assert answer.status == 200
    assert path(site) in answer.text
    assert "Nobody whom you may find" in fay.post("/desk/find", {"words": "stan"}).text


@pytest.mark.usefixtures("appointment")
def test_a_feed_is_shown_once_and_says_busy(site):
    tess = site.signed_in("Tess")
    tess.get("/desk")
    address = re.search(r"/feed/[0-9a-f]{64}", tess.post("/desk/feed").text)[0]
    stranger = site.visitor()
    answer = stranger.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Busy" in answer.text
    assert "Ada" not in answer.text
    assert stranger.get("/feed/" + "0" * 64).status == 200
    assert address not in tess.get("/desk").text


@pytest.mark.usefixtures("appointment")
def test_a_client_sees_the_own_ones(site):
    page = site.signed_in("Ada").get("/me/appointments")
    assert page.status == 200
    assert "14:00" in page.text
    assert "14:00" not in site.signed_in("Otto").get("/me/appointments").text


def test_what_was_cancelled_is_no_thing_that_is_kept(site):
    ada, tess = site.in_session("Ada"), site.in_session("Tess")

    def kept():
        return re.findall(r"<li>Attendance[^<]*: (\d+)</li>", ada.get("/me").text)

    before = kept()
    page = path(site, "Ada")
    there = set(re.findall(r"/[0-9a-f]{32}/cancelled", tess.get(page).text))
    tess.post(page, typed(site, starts="2026-03-09T11:00"))
    assert kept() != before
    [gone] = set(re.findall(r"/[0-9a-f]{32}/cancelled", tess.get(page).text)) - there
    for _ in range(2):
        assert tess.post(page + gone).status == 303, "twice is once"
        assert kept() == before


def test_the_desk_is_led_to_appointments_and_to_no_record(site):
    """A record would refuse, and each refusal stands in the client's list."""
    record = path(site).removesuffix("/appointments")
    for name, to in (("Fay", path(site)), ("Tess", record), ("Olaf", record)):
        assert f'href="{to}"><strong>' in site.in_session(name).get("/clients").text
