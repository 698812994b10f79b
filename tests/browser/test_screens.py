"""The screens of whoever is signed in to the front end."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PANEL


@pytest.fixture
def demo(visit):
    """Somebody who is signed in."""
    visitor = visit()
    visitor.sign_in()
    expect(visitor(PANEL)).to_be_visible()
    return visitor


def button(visitor, name):
    """Return a button of the token panel."""
    return visitor(".buttons button").nth(["fire", "call", "expire", "renew"].index(name))


def test_ten_requests_are_one_refresh(demo):
    button(demo, "fire").click()

    expect(demo("[data-run]")).to_have_count(3)
    runs = [each.get_attribute("data-run") for each in demo("[data-run]").all()]
    assert runs == ["10 API 401", "1 refresh 200", "10 API 200"]


def test_an_expired_token_is_renewed_by_the_way(demo):
    button(demo, "call").click()
    expect(demo("[data-run='1 API 200']")).to_be_visible()
    button(demo, "expire").click()
    expect(demo("[data-run]")).to_have_count(0)

    button(demo, "call").click()

    for run in ("1 API 401", "1 refresh 200", "1 API 200"):
        expect(demo(f"[data-run='{run}']")).to_be_visible()


def test_a_tab_knows_which_tab_has_renewed(demo):
    other = demo.open_tab()
    expect(other(PANEL)).to_be_visible()
    renewed = "section dl div:first-child dd"
    expect(other(renewed).last).to_contain_text("this")

    button(demo, "renew").click()

    expect(demo(renewed).last).to_contain_text("this")
    expect(other(renewed).last).to_contain_text("another")


def test_a_device_ends_another(demo, visit):
    phone = visit(user_agent="Mozilla/5.0 (iPhone) AppleWebKit Safari/605", is_mobile=True)
    phone.sign_in()
    expect(phone(PANEL)).to_be_visible()
    demo.page.bring_to_front()
    demo("nav a[href='/devices']").click()
    card = demo(".devices li", has_text="iPhone")
    expect(card).to_have_count(1)

    card.locator("button").click()
    demo("dialog .primary").click()

    expect(card).to_have_count(0)
    expect(demo("main > [role=status]")).not_to_be_empty()
    expect(demo("main > [role=status]")).to_be_focused()
    phone.comes_back()
    phone.is_signed_out("revoked_by_user")


def test_a_dialog_asks_before_anything_is_ended(demo):
    demo("nav a[href='/devices']").click()
    demo("main > .buttons button").last.click()
    expect(demo("dialog")).to_be_visible()

    demo.page.keyboard.press("Escape")

    expect(demo("dialog")).to_have_count(0)
    demo.is_at("/devices")


def test_everybody_else_is_signed_out_and_then_oneself(demo, visit):
    other = visit()
    other.sign_in()
    expect(other(PANEL)).to_be_visible()
    demo("nav a[href='/devices']").click()
    expect(demo(".devices li").nth(1)).to_be_visible()

    demo("main > .buttons button").first.click()
    demo("dialog .primary").click()
    expect(demo(".devices li")).to_have_count(1)
    expect(demo("main > [role=status]")).not_to_be_empty()
    other.comes_back()
    other.is_signed_out("revoked_by_user")

    demo("main > .buttons button").last.click()
    demo("dialog .primary").click()
    demo.is_signed_out("logged_out")


def test_a_session_that_cannot_be_ended_comes_back(demo, visit):
    other = visit()
    other.sign_in()
    expect(other(PANEL)).to_be_visible()
    demo("nav a[href='/devices']").click()
    expect(demo(".devices li").nth(1)).to_be_visible()
    before = demo(".devices li").count()
    demo.answer("/api/auth/sessions/*-*/", 503)

    demo(".devices button").first.click()
    demo("dialog .primary").click()

    expect(demo("main > [role=status]")).not_to_be_empty()
    expect(demo(".devices li")).to_have_count(before)


def test_a_sign_out_is_that_of_all_tabs(demo):
    other = demo.open_tab()
    expect(other(PANEL)).to_be_visible()

    with demo.page.expect_response("**/logout/"):
        demo("header .actions > button").click()

    for each in (demo, other):
        each.is_signed_out("logged_out")
    assert demo.context.cookies() == []


def test_a_stolen_token_ends_its_session(demo):
    demo("nav a[href='/theft']").click()
    expect(demo("main dd")).to_have_count(2)
    demo("main .primary").click()
    expect(demo("[value=body]")).to_be_checked()
    demo.sign_in()

    demo("main .buttons .primary").click()
    expect(demo("[data-step=refused]")).to_contain_text("reuse_detected")
    steps = [each.get_attribute("data-step") for each in demo("[data-step]").all()]
    assert [each for each in steps if each != "waits"] == [
        "stolen",
        "renewed",
        "bides",
        "replayed",
        "refused",
    ]
    demo("main .primary").last.click()

    demo.is_signed_out("reuse_detected")


@pytest.mark.parametrize("seed", ["first", "second"])
def test_an_older_front_end_works_before_and_after_the_change(visit, seed):
    visitor = visit("/seeds")
    card = visitor(f"section[aria-labelledby={seed}]")
    sign_in, load = card.locator("form .buttons button").all()
    result, found = card.locator("[role=status]"), card.locator("dd").last

    card.locator("[name=password]").fill("wrong")
    sign_in.click()
    expect(result).to_have_text(re.compile("^40[01] "))
    card.locator("[name=password]").fill("demo-password")
    sign_in.click()
    expect(result).to_have_text('"OK"')
    expect(found).to_contain_text("2")
    load.click()
    expect(result).to_contain_text('"hello": "demo"')

    card.locator(".switch button").last.click()
    expect(found).not_to_contain_text("2")
    card.locator("form .buttons button").first.click()
    expect(result).to_have_text('"OK"')
    card.locator("form .buttons button").last.click()
    expect(result).to_contain_text('"hello": "demo"')
    assert "eyJ" not in visitor.page.evaluate("JSON.stringify(localStorage)")
    expect(visitor("nav a[href='/devices']")).to_be_visible()


def test_what_is_forbidden_signs_nobody_out(demo):
    demo("a[href='/staff']").click()

    expect(demo("[role=alert]")).to_contain_text("403")
    demo("main a[href='/']").click()
    expect(demo(PANEL)).to_be_visible()


def test_staff_sees_what_is_for_staff(visit):
    visitor = visit("/staff")

    visitor.sign_in("admin", "admin-password")

    expect(visitor("main a[href^='/admin/']")).to_be_visible()
    expect(visitor("[role=alert]")).to_have_count(0)


def test_a_server_that_is_away_signs_nobody_out(demo):
    demo.context.set_offline(True)
    button(demo, "call").click()
    expect(demo(".banner[role=alert]")).to_be_visible()
    expect(demo(PANEL)).to_be_visible()

    demo.context.set_offline(False)

    expect(demo(".banner")).to_have_count(0)


def test_a_server_in_trouble_signs_nobody_out(demo):
    demo.answer("/api/*", 502)
    button(demo, "call").click()
    expect(demo(".banner[role=alert]")).to_be_visible()

    demo.page.unroute("**/api/*")
    demo(".banner button").click()

    expect(demo(".banner")).to_have_count(0)
    expect(demo(PANEL)).to_be_visible()


def test_a_server_in_trouble_at_load_signs_nobody_out(demo):
    demo.answer("/api/auth/refresh/", 503)
    demo.page.reload()
    expect(demo("main [role=alert]")).to_be_visible()
    expect(demo("form")).to_have_count(0)

    demo.page.unroute("**/api/auth/refresh/")
    demo("main .primary").click()

    expect(demo(PANEL)).to_be_visible()


def test_a_sign_out_that_nobody_heard_is_said_again(demo):
    demo.context.set_offline(True)
    demo("header .actions > button").click()
    demo.is_signed_out("logged_out")
    expect(demo(".banner")).to_be_visible()
    assert len(demo.context.cookies()) == 1

    demo.context.set_offline(False)
    with demo.page.expect_response("**/logout/"):
        demo(".banner button").click()

    expect(demo(".banner")).to_have_count(0)
    assert demo.context.cookies() == []
