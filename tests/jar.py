"""A real cookie jar (RFC 6265), which keeps, sends and forgets as a browser does."""

from __future__ import annotations

from email.message import Message
from http.cookiejar import CookieJar
from types import SimpleNamespace
from urllib.request import Request


class Jar(CookieJar):
    def take(self, url, response):
        """Obey every ``Set-Cookie`` of the answer that ``url`` gave."""
        message = Message()
        for morsel in response.cookies.values():
            message["Set-Cookie"] = morsel.OutputString()
        self.extract_cookies(SimpleNamespace(info=lambda: message), Request(url))

    def header(self, url):
        """Return the ``Cookie`` header that goes to ``url``."""
        self.add_cookie_header(request := Request(url))
        return request.get_header("Cookie", "")

    def names(self):
        return sorted(cookie.name for cookie in self)
