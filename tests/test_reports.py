"""What an error report shows of a request that failed."""

import sys

import pytest
from django.core.signals import got_request_exception
from django.test import RequestFactory
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from jwt_signin.views.reports import be_discreet

HIDDEN = "********************"


class ProjectsFilter(SafeExceptionReporterFilter):
    """What a middleware of a project gives a request."""

    def __init__(self, said_by):
        self.said_by = said_by

    def get_safe_settings(self):
        return {"SAID_BY": self.said_by}


@pytest.fixture
def asked():
    headers = {"Authorization": "Bearer canary", "X-Other": "other"}
    request = RequestFactory().post("/?a=b", {"name": "canary"}, headers=headers)
    request.COOKIES["refresh"] = "canary"
    be_discreet(request)
    return request


def report(request):
    """Return the report of an error beside a variable."""
    local = "can" + "ary"  # so that the line itself is none
    try:
        raise LookupError(len(local))
    except LookupError:
        return ExceptionReporter(request, *sys.exc_info()).get_traceback_text() + (
            ExceptionReporter(request, *sys.exc_info()).get_traceback_html()
        )


def test_it_shows_where_and_no_values(settings, asked):
    settings.DEBUG = False
    shown = report(asked)

    assert "canary" not in shown
    assert "LookupError" in shown
    assert "test_reports" in shown
    assert "other" in shown


def test_while_debugging_variables_are_shown(settings, asked):
    settings.DEBUG = True

    variables = dict(
        asked.exception_reporter_filter.get_traceback_frame_variables(asked, sys._getframe())
    )

    assert variables["asked"] is asked


def test_the_header_of_the_access_token_is_hidden_whatever_its_name(settings, asked):
    settings.SIMPLE_JWT = {"AUTH_HEADER_NAME": "HTTP_X_OTHER"}

    meta = asked.exception_reporter_filter.get_safe_request_meta(asked)

    assert meta["HTTP_X_OTHER"] == HIDDEN
    assert asked.META["HTTP_X_OTHER"] == "other"


def test_every_cookie_is_hidden_and_named(asked):
    cookies = asked.exception_reporter_filter.get_safe_cookies(asked)

    assert cookies == {"refresh": HIDDEN}


def test_a_request_without_that_header_shows_none():
    be_discreet(request := RequestFactory().get("/"))

    meta = request.exception_reporter_filter.get_safe_request_meta(request)

    assert "HTTP_AUTHORIZATION" not in meta


def test_the_projects_own_filter_goes_on_filtering(asked):
    asked.exception_reporter_filter = ProjectsFilter(said_by="its middleware")

    be_discreet(asked)

    filtering = asked.exception_reporter_filter
    assert filtering.get_safe_settings() == {"SAID_BY": "its middleware"}
    assert filtering.get_safe_cookies(asked) == {"refresh": HIDDEN}


@pytest.mark.parametrize("facts", [{}, {"request": None}], ids=["unnamed", "none"])
def test_an_error_outside_of_a_request_is_left_to_others(facts):
    """As a project's own code may tell of one: what raises here would hide it."""
    assert [answer for _, answer in got_request_exception.send(None, **facts)] == [None]


def test_the_filter_of_an_endpoint_stays_when_it_fails(asked):
    discreet = asked.exception_reporter_filter

    got_request_exception.send(None, request=asked)

    assert asked.exception_reporter_filter is discreet
