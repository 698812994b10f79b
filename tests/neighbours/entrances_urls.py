"""The routes of a project with other ways in, and what the how-tos tell it to write."""

import re
from pathlib import Path

from django.urls import include, path

from tests.urls import urlpatterns as own

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(page):
    """Execute the blocks of a page one after the other; return the names of each."""
    scopes = []
    for block in FENCE.findall((HOW_TO / page).read_text()):
        exec(compile(block, page, "exec"), scope := {})
        scopes.append(scope)
    return scopes


strategy, view, hook = shown("sign-in-with-allauth.md")
JWTSignInStrategy = strategy["JWTSignInStrategy"]
ask_for_allauths_code = hook["ask_for_a_code"]
ask_for_an_otp = shown("second-factor.md")[1]["ask_for_a_code"]

urlpatterns = [
    *own,
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("finish/", view["FinishView"].as_view()),
]
