"""The browsers that the system may have: TEST_BROWSER names the one that the tests run in."""

import contextlib
import os
import shutil

from playwright.sync_api import sync_playwright

from tests.browser import webkit

NAME = os.environ.get("TEST_BROWSER", "chromium")
# No service of the browser's own is asked: the tests need nobody but this machine.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
COMMANDS = {
    "chromium": ("chromium",),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": ("WebKitWebDriver",),
}


def executable():
    """Return the path of the browser, or of what drives it."""
    return next(filter(None, map(shutil.which, COMMANDS[NAME])), None)


def missing():
    """Return what the tests cannot run without; None where all of it is there."""
    if executable() is None:
        return NAME
    return "screen" if NAME == "webkit" and "DISPLAY" not in os.environ else None


@contextlib.contextmanager
def launched():
    """Open the browser, without a window where it can do without."""
    if NAME == "webkit":
        with webkit.driven(executable()) as browser:
            yield browser
        return
    with sync_playwright() as playwright:
        if NAME == "chromium":
            browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        else:
            browser = playwright.firefox.launch(
                executable_path=executable(),
                channel="moz-firefox",  # by WebDriver BiDi: its own way needs a Firefox of its own
                firefox_user_prefs={"ui.prefersReducedMotion": 1},  # which BiDi cannot say
            )
        yield browser
        browser.close()
