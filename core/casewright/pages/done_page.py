"""The page after a form was sent: the number to name, what happens next, and where one can see how it stands."""

from casewright.answers import StatusPage
from casewright.pages import layout
from casewright.pages.html import element, lines
from casewright.pages.spec import Page
from casewright.texts import Texts, text


def done_page(
    page: Page | None, standing: StatusPage, texts: Texts, *, link: str, path: str
) -> str:
    """Return the page; `link` leads to the status page, `path` is where this page itself is found."""
    title = texts.text(text("Thank you, we have received it"))
    confirmation = (
        page.confirmation.of(texts.lang) if page is not None and page.confirmation else ""
    )
    promised = (
        texts.say("You will hear from us by {due}.", due=standing.due) if standing.due else ""
    )
    return layout.page(
        texts,
        title,
        element("h1", title),
        element(
            "p",
            texts.text(text("Your reference number:")),
            " ",
            element("strong", standing.reference, class_="reference"),
        ),
        element("p", lines(confirmation)) if confirmation else element("p", texts.text(_NEXT)),
        *([element("p", promised)] if promised else []),
        element(
            "p",
            element("a", texts.text(text("See how it stands, or add something")), href=link),
        ),
        element("p", texts.text(_KEEP), class_="help"),
        switch=layout.switch_link(texts, path),
    )


_NEXT = text("Somebody will look at it and answer you.")
_KEEP = text(
    "Keep the address of that page: it is yours alone. Whoever knows it can read what is there."
)
