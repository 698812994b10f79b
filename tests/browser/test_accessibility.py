"""Every screen of the front end for everybody: by axe-core, at 320 pixels, and by the keyboard."""

import contextlib
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PANEL

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "example_project" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = "Mozilla/5.0 (iPhone) AppleWebKit Safari/605"
CHECK = """async () => {
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa",
        "wcag22aa", "best-practice"] });
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) =>
        [html, any.map(({ message }) => message)])]);
}"""
# Where a folder is named, some screens are drawn into it: the documentation shows these.
SCREENSHOTS = os.environ.get("TEST_SCREENSHOTS")
DRAWN = {"sign-in", "profile", "devices", "theft", "seeds"}
WIDE, NARROW = {"width": 1080, "height": 720}, {"width": 320, "height": 640}
# Both schemes and both sizes in each language, each pair of them in one: the first is drawn.
LOOKS = {
    "en": [("light", WIDE), ("dark", NARROW)],
    "ko": [("dark", WIDE), ("light", NARROW)],
}


@pytest.fixture
def inspect(language):
    """Looks at a screen as it is, light and dark, wide and narrow."""

    def inspect(visitor, name):
        page = visitor.page
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(AXE.read_text())
        for scheme, size in LOOKS[language]:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size(size)
            assert page.evaluate(CHECK) == [], (name, scheme, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            if SCREENSHOTS and name in DRAWN and size is WIDE:
                path = Path(SCREENSHOTS) / f"{name}.{language}.png"
                page.screenshot(path=path, full_page=name != "seeds")
        page.set_viewport_size(WIDE)

    return inspect


@pytest.fixture
def demo(visit):
    visitor = visit(viewport=WIDE)
    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()
    return visitor


def test_the_way_in(visit, inspect):
    visitor = visit(viewport=WIDE)
    expect(visitor(".notice code").first).to_be_visible()
    inspect(visitor, "sign-in")

    visitor("form .primary").click()
    expect(visitor(".error").nth(1)).to_be_visible()
    inspect(visitor, "sign-in-blank")
    visitor.sign_in("demo", "wrong")
    expect(visitor("[role=alert]")).to_have_attribute("data-code", "invalid_credentials")
    inspect(visitor, "sign-in-wrong")
    visitor.answer("/api/auth/signin/", 429, {"code": "throttled", "retry_after": 60})
    visitor.sign_in("demo", "wrong")
    expect(visitor("form .primary")).to_be_disabled()
    inspect(visitor, "sign-in-throttled")


def test_what_stands_in_its_way(visit, inspect):
    visitor = visit(viewport=WIDE)
    visitor.is_signed_out()
    with held(visitor, "/api/auth/refresh/"):
        visitor.page.reload(wait_until="commit")
        expect(visitor("main[aria-busy]")).to_be_visible()
        inspect(visitor, "unknown")
    for reason in ("reuse_detected", "logged_out"):
        refusal = {"detail": "", "code": "session_revoked", "reason": reason}
        visitor.answer("/api/auth/refresh/", 401, refusal)
        visitor.page.reload()
        visitor.is_signed_out(reason)
        inspect(visitor, reason.replace("_", "-"))
    visitor.answer("/api/auth/refresh/", 503)
    visitor.page.reload()
    expect(visitor("main [role=alert]")).to_be_visible()
    inspect(visitor, "unreachable")


def test_profile_staff_and_no_page(demo, inspect):
    demo(".buttons button").first.click()
    expect(demo("[data-run]")).to_have_count(3)
    inspect(demo, "profile")
    demo.answer("/api/protected-endpoint", 503)
    demo(".buttons button").nth(1).click()
    expect(demo(".banner")).to_be_visible()
    inspect(demo, "profile-unreachable")

    demo("a[href='/staff']").click()
    expect(demo("main [role=alert]")).to_be_visible()
    inspect(demo, "forbidden")
    demo.page.evaluate("history.pushState(null, '', '/lost'); dispatchEvent(new Event('popstate'))")
    expect(demo("main [role=alert]")).to_have_count(0)
    inspect(demo, "lost")


def test_devices(demo, visit, inspect):
    for user_agent in (None, PHONE):
        other = visit(**({"user_agent": user_agent} if user_agent else {}))
        other.sign_in()
        expect(other(PANEL)).to_be_visible()
    demo("nav a[href='/devices']").click()
    expect(demo(".devices li")).to_have_count(3)
    inspect(demo, "devices")

    demo(".devices button").first.click()
    expect(demo("dialog")).to_be_visible()
    inspect(demo, "devices-dialog")


def test_theft(demo, inspect):
    demo("nav a[href='/theft']").click()
    expect(demo("main dd")).to_have_count(2)
    inspect(demo, "theft-of-a-cookie")
    demo("main .primary").click()
    expect(demo("[value=body]")).to_be_checked()
    demo.sign_in()

    demo("main .buttons .primary").click()
    expect(demo("[data-step=refused]")).to_be_visible(timeout=20_000)
    inspect(demo, "theft")


def test_older_front_ends(visit, inspect):
    visitor = visit("/seeds", viewport=WIDE)
    expect(visitor("[name=account]").first).to_have_value("demo")
    inspect(visitor, "seeds")

    visitor(".switch button").nth(-1).click()
    visitor("section .switch button").nth(1).click()
    expect(visitor(".come").first).to_be_visible()
    inspect(visitor, "seeds-after")


def test_the_keyboard_is_enough(visit):
    visitor = visit(viewport=WIDE)
    keyboard = visitor.page.keyboard
    visitor.is_signed_out()

    def tab_to(selector, key="Tab"):
        """Go on until it has the focus, which can be seen."""
        for _step in range(20):
            keyboard.press(key)
            if visitor.page.evaluate("s => document.activeElement.matches(s)", selector):
                outline = "getComputedStyle(document.activeElement).outlineStyle"
                assert visitor.page.evaluate(outline) != "none"
                return
        pytest.fail(f"{selector} cannot be reached")

    tab_to(".skip")
    keyboard.press("Enter")
    expect(visitor("h1")).to_be_focused()
    tab_to("[name=identifier]")
    keyboard.type("demo")
    tab_to("[name=password]")
    keyboard.type("demo-password")
    tab_to(".password button")
    keyboard.press("Space")
    expect(visitor("[name=password]")).to_have_attribute("type", "text")
    tab_to("[name=remember]")
    keyboard.press("Space")
    tab_to("form .primary")
    keyboard.press("Enter")
    expect(visitor(PANEL)).to_be_visible()

    tab_to(".buttons .primary")
    keyboard.press("Enter")
    expect(visitor("[data-run='1 refresh 200']")).to_be_visible()
    visitor("h1").focus()
    tab_to("nav a[href='/devices']", "Shift+Tab")
    keyboard.press("Enter")
    expect(visitor("h1")).to_be_focused()
    expect(visitor(".devices li").first).to_be_visible()
    tab_to("main > .buttons button:last-child")
    keyboard.press("Enter")
    expect(visitor("dialog .primary")).to_be_focused()
    keyboard.press("Escape")
    expect(visitor("dialog")).to_have_count(0)
    expect(visitor("main > .buttons button").last).to_be_focused()
    keyboard.press("Enter")
    expect(visitor("dialog .primary")).to_be_focused()
    keyboard.press("Enter")
    visitor.is_signed_out("logged_out")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_want_it_still(visit, motion):
    visitor = visit(reduced_motion=motion)
    visitor.is_signed_out()
    with held(visitor, "/api/auth/refresh/"):
        visitor.page.reload(wait_until="commit")
        expect(visitor("main[aria-busy]")).to_be_visible()

        moving = visitor.page.evaluate("document.getAnimations().length")

    assert (moving == 0) == (motion == "reduce")


@contextlib.contextmanager
def held(visitor, path):
    """Keep the server from answering meanwhile."""
    waiting = []
    visitor.page.route(f"**{path}", lambda route: waiting.append(route))  # noqa: PLW0108
    yield
    for route in waiting:
        route.abort()
    visitor.page.unroute(f"**{path}")
