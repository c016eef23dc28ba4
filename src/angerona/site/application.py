"""The ASGI application: each page of the table behind its guards, with its visit and its errors.

One request is one turn: the form is read within bounds, the session's cookie opens a visit, the
page does its work in a thread, and whatever it raises becomes a page that says what to do and
reveals nothing. Not knowing somebody and not being allowed look the same.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as Address

from angerona.ciphers.encoding import digest
from angerona.errors import (
    AngeronaError,
    BadInput,
    SignedOut,
    WrongSignIn,
)
from angerona.practice.signing_in import (
    has_passkey,
    has_second,
    prove_again,
    prove_again_by_touch,
)
from angerona.site.cookies import Cookies, new_visitor
from angerona.site.error_pages import given_back, page_of, problem_page, typed_in
from angerona.site.forms import read_form
from angerona.site.guards import SAFE_METHODS, TOKEN_FIELD, Guards, form_token, is_token
from angerona.site.rates import Rates, machine_of
from angerona.site.sendings import (
    AGAIN_BEFORE,
    AGAIN_FIELD,
    ONCE_FIELD,
    PROOF_FIELDS,
    Sendings,
    content_of,
    given_again,
    key_of,
    new_key,
    remembered,
    sending_of,
)
from angerona.site.strangers import Strangers
from angerona.web.front import challenge_for, held_in, too_late, touch_of
from angerona.web.rendering import Around, Stamp, rendered
from angerona.web.static_files import STATIC, static_file
from angerona.web.table import ROUTES
from angerona.web.turn import MEMBER, VISITOR, Download, Form, Moved, Page, Turn, faces_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from angerona.practice.sending import Sending
    from angerona.sealed.vault import Person, Visit
    from angerona.web.turn import House, Result, Route

THREADS: Final = 40
SIGN_INS_AT_ONCE: Final = 2
"""Each sign-in stretches a password in 64 MiB of memory."""
SIGN_IN_PATHS: Final = frozenset({"/sign-in", "/sign-in/recovery", "/sign-in/passkey", "/join"})
SECOND_FACTOR: Final = "/account/second"
STEP_UP: Final = datetime.timedelta(minutes=5)
"""How long ago somebody may have proved who it is for what asks for it again."""
SAVING: Final = frozenset({"save", "quietly"})
"""What a form is sent for that only saves a draft: that takes what a record would not."""
_SILENCE: Final = problem_page("nothing_here", 404)
_ACT: Final = "angerona/act/v1"
_LOG: Final = logging.getLogger("angerona.site")


@dataclass(frozen=True, kw_only=True)
class _Came:
    """A request, read: what the page will be given but for its visit.

    `shown`: the visitor's cookie, where the browser showed one.
    """

    route: Route
    request: Request
    session: bytes
    shown: bytes
    form: Form
    wrong: BadInput | None

    @cached_property
    def visitor(self) -> bytes:
        """The visitor's 32 bytes, new ones where the browser has none yet."""
        return self.shown or new_visitor()


class Site:
    """The pages of one practice."""

    def __init__(self, house: House, clock: Callable[[], datetime.datetime]) -> None:
        """`clock` gives the time, in UTC."""
        self._house = house
        self._clock = clock
        self._cookies = Cookies(is_secure=house.origin.startswith("https:"))
        self._rates = Rates()
        self._strangers = Strangers()
        self._sendings = Sendings()
        self._threads = CapacityLimiter(THREADS)
        self._sign_ins = CapacityLimiter(SIGN_INS_AT_ONCE)

    def application(self) -> Guards:
        """The ASGI application."""
        addresses = [
            Address(one.path, self._endpoint(one), methods=[one.method], name=one.path)
            for one in ROUTES
        ]
        static = Address(f"{STATIC}/{{name}}", static_answer, methods=["GET"])
        app = Starlette(
            routes=[*addresses, static],
            exception_handlers={404: self._nothing, 405: self._nothing},
        )
        return Guards(app, self._house.origin)

    def _endpoint(self, route: Route) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            came = await self._came(route, request)
            if _is_from_elsewhere(came):
                return self._response(came, _go_on(request), None)
            is_sign_in = route.method == "POST" and route.path in SIGN_IN_PATHS
            limiter = self._sign_ins if is_sign_in else self._threads
            if is_sign_in and not self._may_sign_in(came):
                page, held = problem_page("slower", 429), held_in(came.form)
                says = {**page.says, "typed": held.typed if held is not None else ()}
                return self._response(came, replace(page, says=says), None)
            return await run_sync(self._answered, came, limiter=limiter)

        return answer

    async def _came(self, route: Route, request: Request) -> _Came:
        form, session = Form(), self._cookies.session(request)
        wrong: BadInput | None = None
        if request.method not in SAFE_METHODS:
            is_somebody = self._house.door.vault.agent.is_open(session, self._clock())
            if is_somebody:
                form, wrong = await read_form(
                    request,
                    file_bytes_max=route.file_bytes_max,
                    files_max=route.files_max,
                    is_somebody=True,
                )
            else:
                form, wrong = await self._read_of_stranger(request)
        return _Came(
            route=route,
            request=request,
            session=session,
            shown=self._cookies.visitor(request),
            form=form,
            wrong=wrong,
        )

    async def _read_of_stranger(self, request: Request) -> tuple[Form, BadInput | None]:
        try:
            with self._strangers.one(place_of(request)) as stranger:
                return await read_form(request, stranger=stranger)
        except BadInput as problem:
            return Form(), problem

    def _may_sign_in(self, came: _Came) -> bool:
        return self._rates.may_try(place_of(came.request), came.form.text("name"))

    def _answered(self, came: _Came) -> Response:
        """The whole turn, in a thread: whatever happens becomes a response."""
        with self._turn(came) as turn:
            return self._response(came, self._result(came, turn), turn)

    def _result(self, came: _Came, turn: Turn) -> Result:
        try:
            told = self._done(came, turn)
        except AngeronaError as problem:
            is_page = came.request.method in SAFE_METHODS
            told = page_of(problem, came.request.url.path if is_page else "")
        except Exception as problem:  # noqa: BLE001 -- nobody may see what stands in a traceback
            _LOG.error("a page failed: %s", type(problem).__name__)
            told = problem_page("our_fault", 500)
        if turn.signed_in is None or came.route.face == VISITOR:
            return told
        return given_back(told, came.form, came.request.url.path)

    @contextmanager
    def _turn(self, came: _Came) -> Iterator[Turn]:
        at = self._clock()
        vault = self._house.door.vault
        with contextlib.ExitStack() as stack:
            visit = None
            if came.session:
                with contextlib.suppress(SignedOut):
                    visit = stack.enter_context(
                        vault.visit(came.session, at, is_use=not came.route.by_itself)
                    )
            yield Turn(
                house=self._house,
                at=at,
                given=came.request.path_params,
                path=came.request.url.path,
                asked=dict(came.request.query_params),
                form=came.form,
                signed_in=visit,
                cookie=came.session,
                browser=came.session if visit is not None else came.visitor,
                place=place_of(came.request),
            )

    def _done(self, came: _Came, turn: Turn) -> Result:
        route = came.route
        refused = _without_token(came, turn) or self._not_let_in(route, turn)
        if refused is not None:
            return refused
        is_saved = bool(came.form.fields) and came.form.text("act") in SAVING
        if came.wrong is not None and route.needs_token and not is_saved:
            return _wrong(route, turn, came.wrong)
        if route.asks_again(turn) and (asked := _asked_again(came, turn)) is not None:
            return asked
        if came.request.method in SAFE_METHODS or route.face == VISITOR:
            return _or_again(route, turn, partial(route.do, turn))
        return self._sent(came, turn)

    def _sent(self, came: _Came, turn: Turn) -> Result:
        """What comes of a form, which does its work once."""
        sending = sending_of(turn.visit, came.request.url.path, came.form)
        act = partial(self._sendings.one, sending, partial(_acted, came.route, turn, sending))
        page = _or_again(came.route, turn, act)
        if not isinstance(page, Page) or page.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            return page
        # Typed into again it is the same form, unless something was done for it.
        return replace(page, once=new_key() if sending.is_known else key_of(came.form))

    def _not_let_in(self, route: Route, turn: Turn) -> Page | Moved | None:
        """What somebody meets who does not have the face of a page, or no second factor yet."""
        if route.face != VISITOR and route.face not in faces_of(turn.person):
            return _SILENCE
        return Moved(SECOND_FACTOR) if self._must_set_up(route, turn) else None

    def _must_set_up(self, route: Route, turn: Turn) -> bool:
        """Whether a member must set up a second factor before this page."""
        if route.face == VISITOR or route.before_second or not self._house.second_factor:
            return False
        return MEMBER in faces_of(turn.person) and not has_second(turn.person)

    def _response(self, came: _Came, result: Result, turn: Turn | None) -> Response:
        match result:
            case Moved():
                response: Response = RedirectResponse(address_of(result), status_code=303)
                if result.cookie is not None:
                    self._cookies.begin(response, result.cookie)
                if result.ends:
                    self._cookies.end(response)
                    response.headers["clear-site-data"] = '"cache", "storage"'
            case Download():
                response = attached(result)
            case Page():
                response = self._page(came, result, turn)
        return response

    def _page(self, came: _Came, page: Page, turn: Turn | None) -> Response:
        visit = turn.signed_in if turn is not None else None
        secret = page.cookie or (came.session if visit is not None else came.visitor)
        around = Around(
            house=self._house,
            person=_person_of(visit),
            path=came.request.url.path,
            stamp=Stamp(form_token(secret), page.once or new_key()),
            done=came.request.query_params.get("done", ""),
            at=turn.at if turn is not None else None,
        )
        response = Response(
            rendered(page, around), status_code=page.status, media_type="text/html; charset=utf-8"
        )
        if page.cookie is not None:
            self._cookies.begin(response, page.cookie)
        elif visit is None and turn is not None:
            if came.session:
                self._cookies.end(response)
            self._cookies.meet(response, came.visitor)
        return response

    async def _nothing(self, request: Request, _problem: Exception) -> Response:
        route = ROUTES[0]
        came = await self._came(route, request) if request.method in SAFE_METHODS else None
        if came is None:
            return Response("There is nothing here.\n", 404, media_type="text/plain")
        return await run_sync(self._silent, came, limiter=self._threads)

    def _silent(self, came: _Came) -> Response:
        with self._turn(came) as turn:
            return self._response(came, _SILENCE, turn)


def _is_from_elsewhere(came: _Came) -> bool:
    """Whether somebody followed a link of another site, so that the browser kept its cookie back.

    Whoever is signed in would be asked to sign in again, on a form that fits no session.
    """
    if came.request.method not in SAFE_METHODS or came.session:
        return False
    needs_session = came.route.face != VISITOR or came.route.path in {"/", *SIGN_IN_PATHS}
    asked_from = came.request.headers.get("sec-fetch-site", "")
    return needs_session and asked_from in {"cross-site", "same-site"}


def _go_on(request: Request) -> Page:
    """A page with a link of ours to the page that was asked for: with it the cookie comes along."""
    asked = f"?{request.url.query}" if request.url.query else ""
    return Page("go_on.html", {"to": f"{request.url.path}{asked}"})


def _wrong(route: Route, turn: Turn, wrong: BadInput) -> Result:
    """A form that came wrong is shown again as far as it could be read."""
    if route.again is None or not turn.form.fields:
        raise wrong
    try:
        page = route.again(turn, wrong)
    except AngeronaError:  # so much of it is missing that it is no form of that page
        raise wrong from None
    return replace(page, once=key_of(turn.form)) if isinstance(page, Page) else page


def _or_again(route: Route, turn: Turn, act: Callable[[], Result]) -> Result:
    """What comes of an act, or its form once more with what is wrong."""
    try:
        return act()
    except BadInput as problem:
        if route.again is None:
            raise
        return route.again(turn, problem)


def _acted(route: Route, turn: Turn, sending: Sending) -> Result:
    """Do what a form asks for, unless it was done before: then what came of it."""
    before = sending.before()
    if before is not None and before.result:
        return given_again(before.result)
    if before is not None and not (before.result is None and route.resumes):
        return _come_again(route, turn, "broken_off" if before.result is None else "done_before")
    if before is not None:
        sending.take_up()
    with sending.doing():
        result = route.do(turn)
    with contextlib.suppress(AngeronaError):  # it is done, whether or not that can be noted
        sending.done(remembered(result))
    return result


def _come_again(route: Route, turn: Turn, said: str) -> Page:
    """The page for a form whose answer cannot be given again, with the way to a new one."""
    page, path = problem_page(said, 409), route.path.format(**turn.given)
    has_page = any(one.method == "GET" and one.path == route.path for one in ROUTES)
    return replace(page, says={**page.says, "fresh": path if has_page else ""})


def place_of(request: Request) -> str:
    """The address that a request comes from, as tries are counted by it; empty where none is."""
    return machine_of(request.client.host) if request.client else ""


def _person_of(visit: Visit | None) -> Person | None:
    """Whose page it is; nobody's, where the store does not even say that any more."""
    if visit is not None:
        with contextlib.suppress(AngeronaError):
            return visit.person
    return None


def _without_token(came: _Came, turn: Turn) -> Page | None:
    """The page for a form that does not carry the token of its session or visitor."""
    is_asked = came.request.method not in SAFE_METHODS and came.route.needs_token
    given, is_for_all = came.form.raw(TOKEN_FIELD), came.route.face == VISITOR
    secret = came.session if turn.signed_in is not None else came.visitor
    # A page for visitors may be older than the session that its browser has meanwhile.
    is_ours = is_token(secret, given) or (is_for_all and is_token(came.visitor, given))
    is_ours = is_ours and (is_for_all or bool(key_of(came.form)))
    if not is_asked or is_ours or (came.wrong is not None and not came.form.fields):
        return None
    if came.route.face != VISITOR and turn.signed_in is None:
        return too_late(turn, came.request.url.path, typed_in(came.form), key_of(came.form))
    return problem_page("old_form", 403)


def _asked_again(came: _Came, turn: Turn) -> Page | None:
    """The page that asks for password or code again with the whole form, or nothing once it fits.

    What was typed comes along in the page, so that nothing is lost and nothing is kept here.
    """
    if turn.at - turn.visit.unlocked.proved <= STEP_UP:
        return None
    fields = {
        name: several
        for name, several in came.form.fields.items()
        if name not in {TOKEN_FIELD, ONCE_FIELD, *PROOF_FIELDS}
    }
    act = digest(_ACT, came.route.method, came.request.url.path, content_of(came.form))
    touch, given = touch_of(turn, before=AGAIN_BEFORE, act=act), came.form.raw(AGAIN_FIELD)
    is_wrong = False
    try:
        if touch is not None:
            prove_again_by_touch(turn.visit, touch)
            return None
        if given:
            prove_again(turn.visit, given)
            return None
    except WrongSignIn:
        is_wrong = True
    says = {
        "fields": fields,
        "is_wrong": is_wrong,
        "ask": challenge_for(turn, act=act) if has_passkey(turn.person) else {},
        "before": AGAIN_BEFORE,
    }
    return Page("again.html", says, 403, once=key_of(came.form))


def attached(file: Download) -> Response:
    """A file to keep, never to show in place."""
    name = file.name.encode("ascii", "replace").decode().replace('"', "'")
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(file.data, media_type=file.media_type, headers=disposition)


def address_of(moved: Moved) -> str:
    """Where a browser is sent, with what was done and where to go on behind the question mark."""
    said = {"done": moved.done, "back": moved.back}
    asked = urlencode({name: value for name, value in said.items() if value})
    joint = "&" if "?" in moved.to else "?"
    return f"{moved.to}{joint}{asked}" if asked else moved.to


async def static_answer(request: Request) -> Response:
    """The style sheet, or a script, by its name with its hash."""
    found = static_file(request.path_params["name"])
    if found is None:
        return Response("There is nothing here.\n", 404, media_type="text/plain")
    return Response(
        found.data,
        media_type=found.media_type,
        headers={"cache-control": "public, max-age=31536000, immutable"},
    )
