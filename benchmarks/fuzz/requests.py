"""From bytes to a request: endpoint, headers, cookies, body and tokens, each right or odd."""

from __future__ import annotations

import base64
import hmac
import io
import json
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from benchmarks.fuzz.source import Source
from jwt_signin.shapes import SHAPES

PATHS = {
    "signin/": "POST",
    "refresh/": "POST",
    "logout/": "POST",
    "logout/all/": "POST",
    "verify/": "POST",
    "token/": "POST",
    "me/": "GET",
    "sessions/": "GET",
    "sessions/{}/": "DELETE",
    "jwks.json": "GET",
}
PROPER = {
    "signin/": ["identifier", "password"],
    "refresh/": ["refresh"],
    "logout/": ["refresh"],
    "logout/all/": ["keep_current"],
    "verify/": ["token"],
    "token/": ["grant_type", "username", "password", "refresh_token"],
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "\u00e4"]
FIELDS = [
    *("username", "email", "identifier", "password", "transport", "remember", "refresh"),
    *("refresh_token", "token", "access", "access_token", "keep_current", "grant_type", "", "id"),
]
CLAIMS = [
    *("token_type", "exp", "iat", "nbf", "jti", "user_id", "sid", "gen", "ss", "iss", "aud"),
    *("sub", "alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x5c", "zip", "cty"),
]
TYPES = [
    *("application/json", "application/x-www-form-urlencoded", "text/plain", "", "*/*"),
    *("multipart/form-data; boundary=x", "application/json; charset=utf-16", "APPLICATION/JSON"),
]
HEADERS = [
    *("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_IDEMPOTENCY_KEY", "HTTP_USER_AGENT"),
    *("HTTP_X_FORWARDED_FOR", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN"),
    *("HTTP_SEC_FETCH_SITE", "HTTP_HOST", "CONTENT_LENGTH", "REMOTE_ADDR", "HTTP_REFERER"),
    "HTTP_CONTENT_ENCODING",
]
COOKIES = ["__Secure-refresh", "__Host-access", "__Secure-access", "__Host-refresh", "refresh", ""]
PROOFS = {
    "HTTP_ORIGIN": ["https://front.example", "http://testserver", "https://evil.example", "null"],
    "HTTP_SEC_FETCH_SITE": ["same-origin", "none", "same-site", "cross-site"],
}
SCHEMES = ["Bearer "] * 6 + ["bearer ", "Bearer  ", "Bearer", "Basic ", ""]

factory = RequestFactory()


def request_of(source: Source, tokens: list[str]) -> HttpRequest:
    """Build the request that ``source`` chooses, with or from genuine ``tokens``."""
    route = source.pick([*PATHS])
    method = source.pick(METHODS) if source.one_in(16) else PATHS[route]
    path = f"/{source.pick([*SHAPES])}/" + route.format(quote(source.text(), errors="replace"))
    if source.one_in(8):
        path += "?" + urlencode({source.pick(FIELDS): _token(source, tokens)}, errors="replace")
    environ: dict[str, Any] = {
        name: _header(source, name, tokens) for name in _some(source, HEADERS)
    }
    if source.one_in(2):
        environ["HTTP_AUTHORIZATION"] = source.pick(SCHEMES) + _latin(str(_token(source, tokens)))
    content_type, body = _body(source, tokens, PROPER.get(route, []))
    # The factory's own input would not stand a length that is not the body's.
    environ["wsgi.input"] = io.BytesIO(body)
    return factory.generic(method, path, body, content_type, **environ)


def _some(source: Source, names: list[str]) -> list[str]:
    return [source.pick(names) for _ in range(source.number(4))]


def _header(source: Source, name: str, tokens: list[str]) -> str:
    if name == "HTTP_COOKIE":
        cookies = [f"{source.pick(COOKIES)}={_token(source, tokens)}" for _ in range(3)]
        return _latin(source.pick(["; ", ";", ",", " "]).join([*cookies, source.text()]))
    if name in PROOFS and not source.one_in(4):
        return source.pick(PROOFS[name])
    if name == "CONTENT_LENGTH":
        return source.pick(["", "0", "-1", "5", "100000", "abc", "1e3", "9" * 5000])
    # A server would have refused a host that is none.
    return "testserver" if name == "HTTP_HOST" else _latin(source.text())


def _latin(text: str) -> str:
    """Return text as a server hands over headers: bytes, read as Latin-1, no line breaks."""
    raw = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return raw.replace("\r", "").replace("\n", "")


def _body(source: Source, tokens: list[str], proper: list[str]) -> tuple[str, bytes]:
    kind = source.number(8)
    content_type = source.pick(TYPES) if source.one_in(8) else TYPES[int(kind == 1)]
    if kind == 0:
        return content_type, source.blob(500)
    names = (proper if source.number(4) else []) + _some(source, FIELDS)
    fields = {name: _field(source, name, tokens) for name in names}
    fields |= {"password": "wrong"} if source.number(2) else {}
    if kind == 1:
        return content_type, urlencode(fields, errors="replace").encode()
    text = json.dumps(fields, ensure_ascii=bool(source.number(2)))
    data = text.encode(source.pick(["utf-8", "utf-16", "utf-8-sig"]), "surrogatepass")
    if kind == 2:  # noqa: PLR2004
        return content_type, source.mutated(data)
    if source.one_in(64):
        return content_type, b'{"a":' + b"[" * source.pick([900, 8000, 100_000])
    return content_type, text.encode("utf-8", "surrogatepass")


def _field(source: Source, name: str, tokens: list[str]) -> Any:
    if name == "grant_type" and source.number(8):
        return source.pick(["password", "refresh_token"])
    if "refresh" in name or "token" in name:
        return _token(source, tokens)
    return "ada" if source.one_in(2) else source.value(FIELDS)


def _token(source: Source, tokens: list[str]) -> Any:
    """Return a genuine token, one that was changed, one that was signed anew, or none at all."""
    kind, raw = source.number(8), source.pick(tokens)
    if kind in {0, 3}:
        return raw
    if kind == 1:
        return source.mutated(raw.encode()).decode("latin-1")
    if kind == 2:  # noqa: PLR2004
        return source.value(CLAIMS)
    header, claims = (json.loads(_unpacked(part)) for part in raw.split(".")[:2])
    for _ in range(1 + source.number(3)):
        part = header if source.one_in(4) else claims
        name = source.pick([*part, *CLAIMS])
        if source.one_in(8):
            part.pop(name, None)
        else:
            part[name] = source.value(CLAIMS)
    return _signed(source, header, claims)


def _signed(source: Source, header: Any, claims: Any) -> str:
    body = ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))
    digest = source.pick(["sha256"] * 7 + ["sha512"])
    return f"{body}.{_packed(hmac.digest(settings.SECRET_KEY.encode(), body.encode(), digest))}"


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
