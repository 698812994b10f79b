"""The client for a terminal of docs/how-to/mobile-and-cli.md, as it stands there."""

import datetime as dt
import json
import re
import urllib.error
from pathlib import Path

import pytest

from jwt_signin.models import Session as Row
from tests.conftest import PASSWORD

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "mobile-and-cli.md"
LONG = dt.timedelta(minutes=10)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(live_server, tmp_path):
    """What a run of the program begins with; each call is another run."""
    scope: dict = {}
    exec(re.search(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1], scope)
    return lambda: scope["Session"](f"{live_server.url}/auth/", tmp_path / "session")


def kept(run):
    return json.loads(run.path.read_text())


def past_the_grace():
    for row in Row.objects.all():
        Row.objects.filter(pk=row.pk).update(rotated_at=row.rotated_at - LONG)


def test_it_signs_in_and_another_run_goes_on(ada, program):
    program().sign_in(username="ada", password=PASSWORD)
    past_the_grace()

    run = program()

    assert run.token() == run.token()
    assert Row.objects.get().generation == 1
    assert kept(run).keys() == {"refresh"}
    assert run.path.stat().st_mode & 0o777 == 0o600


def test_an_answer_that_was_lost_is_given_again(ada, program):
    run = program()
    run.sign_in(username="ada", password=PASSWORD)
    past_the_grace()
    before = run.path.read_text()
    key = json.dumps(json.loads(before) | {"key": "the same"})
    run.path.write_text(key)
    run.refresh()
    run.path.write_text(key)
    past_the_grace()

    run.refresh()

    assert Row.objects.get().generation == 1
    assert Row.objects.get().revoked_at is None


def test_a_session_that_is_over_is_forgotten(ada, program):
    run = program()
    run.sign_in(username="ada", password=PASSWORD)
    Row.objects.update(revoked_at=dt.datetime.now(dt.UTC), revoke_reason="admin")

    with pytest.raises(urllib.error.HTTPError):
        program().token()

    assert not run.path.exists()


def test_a_server_in_trouble_signs_nobody_out(ada, program, settings):
    run = program()
    run.sign_in(username="ada", password=PASSWORD)
    settings.JWT_SIGNIN = {"REFRESH_RATE": "1/m", "REUSE_GRACE": 0}
    run.refresh()

    with pytest.raises(urllib.error.HTTPError, match="429"):
        run.refresh()

    assert kept(run).keys() == {"refresh", "key"}


def test_it_signs_out(ada, program):
    run = program()
    run.sign_in(username="ada", password=PASSWORD)

    run.sign_out()

    assert not run.path.exists()
    assert Row.objects.get().revoke_reason == "logged_out"
