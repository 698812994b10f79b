"""The sign-in screen of the front end, and what it says of a session that is over."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PANEL

HANGUL = re.compile("[가-힣]")
REASONS = [
    "revoked_by_user",
    "password_changed",
    "reuse_detected",
    "admin",
    "inactive_user",
    "expired",
    "superseded",
    "one_of_the_future",
]


def speaks(locator, language):
    """Wait for a sentence in the language of the page."""
    expect(locator).to_have_text(re.compile("[가-힣]" if language == "ko" else "^[^가-힣]+$"))


def test_one_signs_in_and_stays_signed_in(visit):
    visitor = visit()
    visitor.is_signed_out()

    visitor.sign_in("demo@example.com")
    expect(visitor(PANEL)).to_be_visible()
    expect(visitor("h1")).to_be_focused()
    visitor.page.reload()

    expect(visitor(PANEL)).to_be_visible()
    assert visitor.page.evaluate("document.cookie") == ""
    assert "eyJ" not in visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_neither_form_nor_page_is_shown_before_it_is_known_which(visit):
    visitor = visit()
    visitor.is_signed_out()
    held = []
    visitor.page.route("**/api/auth/refresh/", lambda route: held.append(route))  # noqa: PLW0108

    with visitor.page.expect_request("**/api/auth/refresh/"):
        visitor.page.reload(wait_until="commit")

    expect(visitor("main[aria-busy=true] [role=status]")).to_be_visible()
    assert visitor("form").count() == visitor(PANEL).count() == 0
    while not held:  # the request is there, but has not come here yet
        visitor.page.wait_for_timeout(10)
    held[0].continue_()
    visitor.is_signed_out()


def test_a_wrong_password_is_one_neutral_sentence(visit, language):
    visitor = visit()

    visitor.sign_in("demo", "wrong")

    alert = visitor("[role=alert]")
    expect(alert).to_have_attribute("data-code", "invalid_credentials")
    speaks(alert, language)
    expect(visitor("[name=password]")).to_be_focused()
    expect(visitor("[name=password]")).to_have_value("")
    expect(visitor("[name=identifier]")).to_have_value("demo")


def test_the_server_speaks_the_language_that_is_chosen(visit, language):
    visitor = visit()
    other = "en" if language == "ko" else "ko"

    for each in (language, other):
        visitor(f"button[lang={each}]").click()
        visitor.sign_in("x" * 300)

        speaks(visitor(".error").first, each)
        expect(visitor("[name=identifier]")).to_be_focused()
        assert visitor.page.evaluate("document.documentElement.lang") == each
    visitor.page.reload()
    expect(visitor(f"button[lang={other}]")).to_have_attribute("aria-pressed", "true")


def test_whoever_guesses_waits(visit, language):
    visitor = visit()
    for _guess in range(4):
        visitor.sign_in(f"guessed-{language}", "wrong")
        expect(visitor("form")).to_have_attribute("aria-busy", "false")

    expect(visitor("form .primary")).to_be_disabled()
    speaks(visitor("form [role=status]"), language)


def test_whoever_has_waited_may_go_on(visit):
    visitor = visit()
    visitor.answer("/api/auth/signin/", 429, {"code": "throttled", "retry_after": 1})
    visitor.sign_in()
    expect(visitor("form .primary")).to_be_disabled()
    visitor.page.unroute("**/api/auth/signin/")
    expect(visitor("form .primary")).to_be_enabled()

    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()


def test_the_demo_user_is_told_and_filled_in(visit):
    visitor = visit()

    visitor(".notice button").click()
    visitor("form .primary").click()

    expect(visitor(PANEL)).to_be_visible()


def test_a_sign_in_leads_to_where_one_was(visit):
    visitor = visit("/devices")

    visitor.sign_in()

    expect(visitor(".devices li").first).to_be_visible()


def test_each_reason_has_its_sentence(visit):
    visitor = visit()
    sentences = set()
    for reason in REASONS:
        refusal = {"detail": "", "code": "session_revoked", "reason": reason}
        visitor.answer("/api/auth/refresh/", 401, refusal)
        visitor.page.reload()

        visitor.is_signed_out(reason)
        for language in ("en", "ko"):
            visitor(f"button[lang={language}]").click()
            speaks(visitor("[data-reason]"), language)
            sentences.add(visitor("[data-reason]").text_content())

    assert len(sentences) == 2 * len(REASONS)


def test_a_cookie_that_does_not_come_back_is_explained(visit, language):
    visitor = visit()
    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()
    visitor.context.clear_cookies()

    visitor.page.reload()

    visitor.is_signed_out()
    speaks(visitor("[role=alert]"), language)
    expect(visitor("[role=alert]")).to_contain_text("127.0.0.1")
    visitor.page.reload()
    expect(visitor("form")).to_be_visible()
    expect(visitor("[role=alert]")).to_have_count(0)


def test_a_browser_that_refuses_all_that_is_kept_is_explained_too(visit):
    visitor = visit()
    visitor.is_signed_out()
    visitor.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('', name); } });"
    )
    visitor.page.reload()
    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()
    visitor.context.clear_cookies()

    visitor(".buttons button").last.click()

    visitor.is_signed_out()
    expect(visitor("[role=alert]")).to_contain_text("127.0.0.1")


@pytest.mark.parametrize("remember", [True, False])
def test_one_is_remembered_where_one_wants_it(visit, remember):
    visitor = visit()
    visitor("[name=remember]").set_checked(remember)

    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()

    (cookie,) = visitor.context.cookies()
    assert (cookie["expires"] != -1) == remember


def test_the_transport_is_chosen_before(visit):
    visitor = visit()
    visitor("[value=body]").click()
    expect(visitor("[value=body]")).to_be_checked()

    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()
    assert visitor.context.cookies() == []
    assert "eyJ" in visitor.page.evaluate("JSON.stringify(localStorage)")
    visitor.page.reload()

    expect(visitor(PANEL)).to_be_visible()
