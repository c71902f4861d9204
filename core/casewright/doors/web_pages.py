"""The pages of the web door: signing in, the terminal, and the words on them in both languages."""

from html import escape
from importlib.resources import files

from casewright.texts import Texts

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load: nothing from anywhere else. The terminal's library sets styles of its own."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FONT_SIZE = 16
ASSETS = {
    "door.css": "text/css",
    "terminal.css": "text/css",
    "terminal.js": "text/javascript",
}
"""What pages load from the door, by what it is."""
_PAGES = files("casewright.doors") / "pages"


def sign_in_page(texts: Texts, *, name: str = "", fault: str = "") -> str:
    """Return the page on which somebody says who they are; `fault` says why they were refused before."""
    return _filled(
        "sign_in.html",
        lang=_tag(texts),
        title=texts.text("Sign in to casewright"),
        fault=f'<p role="alert" class="fault">{escape(fault)}</p>' if fault else "",
        name_label=texts.text("Login name"),
        name=name,
        password_label=texts.text("Password"),
        code_label=texts.text("Code of the authenticator (where one is asked for)"),
        submit=texts.text("Sign in"),
        own_lang=texts.lang,
        other_lang="en" if texts.lang == "zh" else "zh",
        other="English" if texts.lang == "zh" else "中文",
    )


def terminal_page(texts: Texts, *, socket: str, name: str) -> str:
    """Return the page with the terminal, which speaks to the WebSocket at `socket`."""
    return _filled(
        "terminal.html",
        lang=_tag(texts),
        title=f"casewright · {name}",
        socket=socket,
        size=str(FONT_SIZE),
        starting=texts.text("The terminal is starting ..."),
        over=texts.text("The session is over."),
        again=texts.text("Begin another"),
        leave=texts.text("Sign out"),
    )


def asset(name: str) -> bytes:
    """Return a file of the pages, such as a style sheet."""
    return (_PAGES / name).read_bytes()


def _filled(page: str, **values: str) -> str:
    """Return a page with its words set in; all are escaped but `fault`, which is made of escaped words."""
    written = (_PAGES / page).read_text(encoding="utf-8")
    for name, value in values.items():
        shown = value if name == "fault" else escape(value)
        written = written.replace(f"[[{name}]]", shown)
    return written


def _tag(texts: Texts) -> str:
    return "zh-Hans" if texts.lang == "zh" else "en"
