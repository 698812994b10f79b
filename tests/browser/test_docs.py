"""The page of the document: it asks no other host, and signs in."""

OPERATION = "#operations-protected-endpoint-protected_endpoint_retrieve"


def test_one_signs_in_and_calls(person, server):
    asked = []
    page = person.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs/")
    page.locator(f"{OPERATION} .opblock-summary-control").click()
    page.locator(f"{OPERATION} .try-out__btn").click()

    page.locator(".auth-wrapper .btn.authorize").click()
    page.locator("#oauth_username").press_sequentially("demo")
    page.locator("#oauth_password").press_sequentially("demo-password")
    page.locator(".auth-container:has(#oauth_username) .btn.authorize").click()
    page.locator(".auth-container .btn:has-text('Logout')").wait_for()
    page.locator(".btn-done").first.click()
    with page.expect_response("**/api/protected-endpoint") as answered:
        page.locator(f"{OPERATION} .execute").click()

    assert answered.value.json()["hello"] == "demo"
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
