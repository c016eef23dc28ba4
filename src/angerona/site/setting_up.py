"""The site of a set-up: before there is a practice, for one browser of this machine.

A secret address is said at the terminal. The first browser that opens it is the founder's, by its
cookie; after that the address is good for nobody else. Whoever comes otherwise sees one page, which
says where to look.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from typing import TYPE_CHECKING, Final

from anyio import sleep
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as Address

from angerona.errors import AngeronaError, BadInput
from angerona.site.application import address_of, attached, static_answer
from angerona.site.cookies import Cookies, new_visitor
from angerona.site.error_pages import page_of, problem_page
from angerona.site.forms import read_form
from angerona.site.guards import SAFE_METHODS, TOKEN_FIELD, Guards, form_token, is_token
from angerona.web.rendering import rendered_before
from angerona.web.set_up import OPENS, ROUTES, Step
from angerona.web.static_files import STATIC
from angerona.web.turn import Download, Form, Moved, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from angerona.web.set_up import SetUp, StepRoute
    from angerona.web.turn import Result

CODE_BYTES: Final = 16
BEGIN: Final = "/begin"
CLOSES_S: Final = 1
"""Until then this site no longer listens; whoever comes anew waits for the next one."""
_ELSEWHERE: Final = Page("set_up_elsewhere.html", {}, 404)
_LOG: Final = logging.getLogger("angerona.site")


class SetUpSite:
    """The pages of one set-up."""

    def __init__(self, set_up: SetUp, origin: str) -> None:
        """`origin`: scheme, host and port of the one address this site answers to."""
        self._set_up = set_up
        self._origin = origin
        self._cookies = Cookies(is_secure=origin.startswith("https:"))
        self._code = secrets.token_hex(CODE_BYTES)
        self._founder = b""
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """The secret address, good for the first browser that opens it."""
        return f"{self._origin}{BEGIN}/{self._code}"

    def application(self) -> Guards:
        """The ASGI application."""
        addresses = [Address(one.path, self._endpoint(one), methods=[one.method]) for one in ROUTES]
        begin = Address(f"{BEGIN}/{{code}}", self._begin, methods=["GET"])
        static = Address(f"{STATIC}/{{name}}", static_answer, methods=["GET"])
        app = Starlette(
            routes=[*addresses, begin, static],
            exception_handlers={404: self._nothing, 405: self._nothing},
        )
        return Guards(app, self._origin)

    def _endpoint(self, route: StepRoute) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            form: Form = Form()
            wrong: BadInput | None = None
            if request.method not in SAFE_METHODS:
                form, wrong = await read_form(request)
            return await run_sync(self._answered, route, request, form, wrong)

        return answer

    async def _begin(self, request: Request) -> Response:
        given, visitor = request.path_params["code"], self._cookies.visitor(request)
        if request.method != "GET" or not hmac.compare_digest(given.encode(), self._code.encode()):
            return _response(_ELSEWHERE)
        with self._lock:
            if not self._founder:
                self._founder = visitor = new_visitor()
        if not self._is_founder(visitor):
            return _response(_ELSEWHERE)
        response = _response(Moved("/"))
        self._cookies.meet(response, visitor)
        return response

    async def _nothing(self, request: Request, _problem: Exception) -> Response:
        """No page; once all is over, the founder is sent on until the site itself answers."""
        if self._set_up.is_over.is_set() and self._is_founder(self._cookies.visitor(request)):
            await sleep(CLOSES_S)
            response = _response(OPENS)
            response.headers["connection"] = "close"
            return response
        return _response(_ELSEWHERE)

    def _is_founder(self, visitor: bytes) -> bool:
        return bool(self._founder) and hmac.compare_digest(visitor, self._founder)

    def _answered(
        self, route: StepRoute, request: Request, form: Form, wrong: BadInput | None
    ) -> Response:
        """The whole turn, in a thread: whatever happens becomes a response."""
        visitor = self._cookies.visitor(request)
        if not self._is_founder(visitor) or self._set_up.is_over.is_set():
            return _response(_ELSEWHERE)
        step = Step(set_up=self._set_up, given=request.path_params, form=form)
        done = request.query_params.get("done", "")
        return _response(_result(route, step, visitor, wrong), form_token(visitor), done)


def _result(route: StepRoute, step: Step, visitor: bytes, wrong: BadInput | None) -> Result:
    is_form = route.method not in SAFE_METHODS
    if wrong is not None:
        return page_of(wrong)
    try:
        if is_form and not is_token(visitor, step.form.raw(TOKEN_FIELD)):
            return problem_page("old_form", 403)
        return route.do(step)
    except AngeronaError as problem:
        if isinstance(problem, BadInput) and route.again is not None:
            return route.again(step, problem)
        return page_of(problem)
    except Exception as problem:  # noqa: BLE001 -- nobody may see what stands in a traceback
        _LOG.error("the set-up failed: %s", type(problem).__name__)
        return problem_page("our_fault", 500)


def _response(result: Result, token: str = "", done: str = "") -> Response:
    match result:
        case Moved():
            return RedirectResponse(address_of(result), status_code=303)
        case Download():
            return attached(result)
        case Page():
            text = rendered_before(result, token, done)
            return Response(text, result.status, media_type="text/html; charset=utf-8")
