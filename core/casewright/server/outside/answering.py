"""Answers to browsers of customers: a page, in their language, that runs and shows nothing from anywhere else."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casewright.bilingual import LANGUAGES
from casewright.errors import CasewrightError, ServerRefused
from casewright.pages import layout
from casewright.server.languages import chosen
from casewright.server.statuses import status_of
from casewright.texts import Texts, text

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with none at all, browsers name no Origin when they post
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Language",
}


def language_of(request: Request, said: str = "") -> str:
    """Return `en` or `zh`: the one just chosen, the address's, else the browser's."""
    named = said or request.query_params.get("lang", "")
    return named if named in LANGUAGES else chosen(request.headers.get("accept-language", ""))


def shown(page: str, status: int = 200) -> Response:
    """Return a page as a response."""
    return HTMLResponse(page, status_code=status, headers=_HEADERS)


def elsewhere(path: str) -> Response:
    """Return the response that leads a browser on after it has posted, so that a reload posts nothing again."""
    return RedirectResponse(path, status_code=303, headers=_HEADERS)


def no_such_page(texts: Texts) -> Response:
    """Return the answer to an address that leads nowhere."""
    title = texts.text(text("There is nothing here"))
    said = texts.text(text("Please check the address, or ask us."))
    return shown(layout.plain(texts, title, said), 404)


def link_over(texts: Texts) -> Response:
    """Return the answer to a link that is not ours, no longer valid or used: the same to all, so that it tells nothing."""
    title = texts.text(text("This link is not valid, or not any more"))
    said = texts.text(
        text(
            "Links end after some time, and must be complete. Please take the newest one, or ask us: your reference number is enough."
        )
    )
    return shown(layout.plain(texts, title, said), 404)


def not_now(texts: Texts, refused: CasewrightError) -> Response:
    """Return the answer to somebody who has to come again later, or sent what nobody can read."""
    status = status_of(refused)
    title = texts.text(_LATER if status in (429, 503) else text("That did not work"))
    page = layout.plain(texts, title, texts.error(refused))
    response = shown(page, status)
    if isinstance(refused, ServerRefused) and refused.wait_seconds:
        response.headers["Retry-After"] = str(refused.wait_seconds)
    return response


_LATER = text("Please try again in a little while")
