"""The pages in a real browser: by keyboard alone, in both languages, on the narrowest telephone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from .site import COMPLAINT, reference

CHROMIUM = shutil.which("chromium")
NARROWEST = {"width": 320, "height": 640}
TARGET = 44
PATIENCE = 120_000
pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="Debian's package chromium is not installed: apt-get install chromium",
)
WORDS = {
    "en": (
        "Error: Make a complaint",
        "Send",
        "Your reference number",
        "What you added has reached",
    ),
    "zh": ("错误：我要投诉", "提交", "受理编号", "补充内容已转交"),
}
SIZES = """() => [...document.querySelectorAll(
        'a[href], button, select, textarea, input:not([type=hidden]):not([tabindex="-1"])')]
    .map(one => [one, one.matches('[type=checkbox], [type=radio]') ? one.parentElement : one])
    .filter(([one]) => !one.matches('.skip'))
    .map(([one, box]) => [one.id || one.textContent.trim(), Math.round(box.getBoundingClientRect().height)])"""
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"
ADD = "form:has(#supplement-words) button"
KEY = "form:has(#supplement-words) input[name=form_key]"
FOCUS = "() => document.activeElement.id || document.activeElement.textContent.trim()"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        found = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@contextmanager
def visitor(browser, site, lang: str = "en", **settings) -> Iterator:
    """Somebody with a browser of their own, whose requests and complaints of the browser are seen."""
    locale = {"en": "en-GB", "zh": "zh-CN"}[lang]
    context = browser.new_context(locale=locale, viewport=NARROWEST, **settings)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked, complained = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: complained.append(one.text))
    page.on("pageerror", lambda one: complained.append(str(one)))
    yield page
    ours = f"127.0.0.1:{site.port}"
    assert {urlsplit(one).netloc for one in asked} == {ours}
    errors = [one for one in complained if "status of 4" not in one]
    assert errors == []
    context.close()


def address(site, path):
    return f"http://127.0.0.1:{site.port}{path}"


def tab_to(page, wanted: str, most: int = 40) -> None:
    """Go to a control with the tab key alone; wherever the focus stands it is seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE) != "none", page.evaluate(FOCUS)
        if page.evaluate(FOCUS) == wanted:
            return
    raise AssertionError(f"no way to {wanted} by keyboard")


def fits(page) -> None:
    """Nothing has to be scrolled sideways, and every target is large enough for a finger."""
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= NARROWEST["width"], width
    small = [one for one in page.evaluate(SIZES) if one[1] < TARGET]
    assert small == []


def picture(page, name: str) -> None:
    """Keep a picture where somebody asked for it."""
    if folder := os.environ.get("PAGES_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_complaint_is_made_by_keyboard_on_a_narrow_screen(browser, site, lang):
    error_title, send, number, added = WORDS[lang]
    with visitor(browser, site, lang, java_script_enabled=True) as page:
        page.goto(address(site, "/f/complaint"))
        fits(page)
        picture(page, f"form-{lang}")
        tab_to(page, "subject")
        page.keyboard.type(COMPLAINT["subject"])
        tab_to(page, send)
        page.keyboard.press("Enter")
        page.wait_for_selector("#summary")

        assert page.evaluate(FOCUS) == "summary"
        assert page.title() == error_title
        fits(page)
        picture(page, f"errors-{lang}")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUS) == "description"
        announced = page.get_attribute("#description", "aria-describedby")
        assert page.inner_text(f"#{announced}").strip()
        assert page.input_value("#subject") == COMPLAINT["subject"]
        page.keyboard.type(COMPLAINT["description"])
        tab_to(page, "demand")
        page.keyboard.type(COMPLAINT["demand"])
        tab_to(page, "injury")
        page.keyboard.press("Space")
        assert page.is_checked("#injury")
        page.keyboard.press("Space")
        tab_to(page, send)
        page.keyboard.press("Enter")
        page.wait_for_selector(".reference")

        assert number in page.inner_text("main")
        fits(page)
        picture(page, f"done-{lang}")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#supplement-words")
        fits(page)
        picture(page, f"status-{lang}")
        tab_to(page, "supplement-words")
        page.keyboard.type("One more thing.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".done")

        assert added in page.inner_text(".done")
        assert "One more thing." in page.inner_text(".said")
        picture(page, f"added-{lang}")


def test_the_language_is_changed_by_keyboard_and_nothing_is_lost(browser, site):
    with visitor(browser, site) as page:
        page.goto(address(site, "/f/complaint"))
        page.fill("#subject", "Late")
        page.focus("#main")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("html[lang='zh-Hans']")

        assert page.input_value("#subject") == "Late"


def test_a_form_works_without_scripts_and_in_the_dark(browser, site):
    with visitor(browser, site, java_script_enabled=False, color_scheme="dark") as page:
        page.goto(address(site, "/f/complaint"))
        for name in ("subject", "description", "demand"):
            page.fill(f"#{name}", COMPLAINT[name])
        page.set_input_files(
            "#files", {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
        )
        picture(page, "form-dark")
        page.click("button[type=submit]:not(.quiet)")
        page.wait_for_selector(".reference")

        picture(page, "done-dark")


def test_altered_and_used_links_are_refused(browser, site):
    done = site.complain()
    link = site.link(done).split("?")[0]
    with visitor(browser, site) as page:
        page.goto(address(site, link))
        used = page.input_value(KEY)
        page.fill("#supplement-words", "Once.")
        page.click(ADD)
        page.wait_for_selector(".done")
        page.fill("#supplement-words", "Twice.")
        page.eval_on_selector(KEY, "(box, key) => { box.value = key }", used)
        page.click(ADD)
        page.wait_for_selector("#summary")

        assert "on record" in page.inner_text("#summary")
        assert page.goto(address(site, link[:-3] + "AAA")).status == 404
        assert reference(done) not in page.content()
        picture(page, "refused")
