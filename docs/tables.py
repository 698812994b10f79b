"""
The tables of the reference, as the code makes them.

They are kept in the pages, so that these read as well where no Sphinx has been:
``python -m docs.generate`` writes them, and tests/house/test_documented.py fails where a page is
not what the code makes of it.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks.registry import registry
from django.core.management import get_commands, load_command_class
from django.utils import timezone
from rest_framework import exceptions as drf

import jwt_signin.checks
import jwt_signin.services
import jwt_signin.signals
from jwt_signin import exceptions, urls
from jwt_signin.conf import Settings, SimpleJWT
from jwt_signin.models import Session
from jwt_signin.services.issuing import issue

BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)

MORE = {
    "SHAPE": "[Shapes](shapes.md)",
    "REUSE_GRACE": "[Why](../explanation/rotation-and-reuse.md)",
    "CLAIMS": "[Claims](claims.md)",
    "BEFORE_SESSION": "[A second factor](../how-to/second-factor.md)",
    "COOKIE_NAME": "[Cookies](../how-to/use-cookies.md)",
    "ACCESS_COOKIE": "[Pages and files](../how-to/use-cookies.md#pages-and-files)",
    "TRUSTED_ORIGINS": "[Origins](../how-to/use-cookies.md#prove-the-origin)",
    "VERIFYING_KEYS": "[Keys](../explanation/keys.md)",
    "ACCEPT_SIMPLEJWT_TOKENS": "[Moving over](../explanation/moving-over.md)",
    "SIGNIN_ACCOUNT_RATE": "[Limits](../how-to/throttle-and-proxies.md)",
    "NUM_PROXIES": "[Proxies](../how-to/throttle-and-proxies.md#count-your-proxies)",
}
"""Where a setting is told of at length."""

FOREIGN = {
    "NotAuthenticated": "No access token where one is needed.",
    "PermissionDenied": "Not allowed.",
    "MethodNotAllowed": "The endpoint has no such method.",
    "UnsupportedMediaType": "The body is neither JSON nor a form; for cookies it is JSON alone.",
}
"""The refusals of REST framework's own that the endpoints answer with."""

CLAIMS = {
    "token_type": "The kind, `access` or `refresh`, by the name in `TOKEN_TYPE_CLAIM`.",
    "exp": "The end, in seconds of the epoch; at that very second the token is past it.",
    "iat": "The moment of issue, likewise.",
    "jti": "The token's id, by the name in `JTI_CLAIM`.",
    "user_id": "The user, as text, by the name in `USER_ID_CLAIM`.",
    "sid": "The session.",
    "gen": "The place in the session's chain of refresh tokens.",
    "ss": "The session's secret, of which the row holds the digest.",
    "iss": "`ISSUER`: where it is set, a token without it, or with another, is refused.",
    "aud": "`AUDIENCE`, likewise; of several recipients one is enough.",
    "yours": "What `CLAIMS` returns.",
}
"""What each claim says; which token has it, the tokens tell."""


def settings(settings_class: Any) -> Iterator[list[str]]:
    """Tell each setting: its name, what holds where the project is silent, what it means."""
    yield ["name", "default", "meaning"]
    told = attribute_docstrings(settings_class)
    for field in fields(settings_class):
        more = f" {MORE[field.name]}" if field.name in MORE else ""
        yield [f"`{field.name}`", spelled(field.default), told[field.name] + more]


def endpoints() -> Iterator[list[str]]:
    """Tell each route: its path, its method, its name, its view, what it does."""
    yield ["path", "method", "name", "view", "what"]
    for route in urls.urlpatterns:
        view: Any = route.callback.cls
        methods = [name.upper() for name in ("get", "post", "delete") if hasattr(view, name)]
        path = str(route.pattern).replace("<str:session_id>", "<id>")
        what = summary(view).partition(": ")[2]
        names = [f"`{route.name}`", f"`{view.__name__}`"]
        yield [f"`{path}`", ", ".join(methods), *names, sentence(what)]


def errors() -> Iterator[list[str]]:
    """Tell each code: its status, when it is answered, the class that is raised."""
    yield ["status", "code", "when", "class"]
    bases = {exceptions.Refusal, exceptions.Unauthorized}
    ours = [
        (each.status_code, each.default_code, summary(each), f"`{each.__name__}`")
        for each in vars(exceptions).values()
        if inspect.isclass(each) and issubclass(each, exceptions.Refusal) and each not in bases
    ]
    theirs = [
        (each.status_code, each.default_code, when, f"`{name}`, REST framework's")
        for name, when in FOREIGN.items()
        for each in [getattr(drf, name)]
    ]
    for status, code, when, name in sorted(ours + theirs, key=lambda row: row[0]):
        yield [str(status), f"`{code}`", when, name]


def reasons() -> Iterator[list[str]]:
    """Tell each reason why a session is over."""
    yield ["reason", "what"]
    for reason in Session.Reason:
        yield [f"`{reason.value}`", f"{reason.label}."]


def claims() -> Iterator[list[str]]:
    """Tell each claim, and the kind of token that has it."""
    yield ["claim", "access", "refresh", "what"]
    now = timezone.now()
    session = Session(user=get_user_model()(pk=1), rotated_at=now, expires_at=now)
    pair = issue(session, secret="", now=now)
    own = {"iss": ("where set", "where set"), "aud": ("where set", "where set")}
    own["yours"] = ("yes", "no")
    for name, what in CLAIMS.items():
        has = [token is not None and name in token.payload for token in (pair.access, pair.refresh)]
        found = own.get(name) or ["yes" if each else "no" for each in has]
        yield [name if name == "yours" else f"`{name}`", *found, what]


def services() -> Iterator[list[str]]:
    """Tell each function of the public Python interface."""
    yield ["function", "what", "as a coroutine"]
    names = {*jwt_signin.services.__all__}
    coroutines = {name for name in names if name[1:] in names}
    for name in sorted(names - coroutines):
        function, coroutine = getattr(jwt_signin.services, name), f"a{name}"
        told = f"`{coroutine}`" if coroutine in coroutines else "none"
        yield [f"`{name}{signature(function)}`", summary(function), told]


def signals() -> Iterator[list[str]]:
    """Tell each signal."""
    yield ["signal", "when"]
    for name, told in attribute_docstrings(jwt_signin.signals).items():
        yield [f"`{name}`", told]


def checks() -> Iterator[list[str]]:
    """Tell each id: what is wrong, and whether ``check --deploy`` alone says so."""
    yield ["id", "what", "asked by"]
    deploying = " ".join(
        str(check.__doc__)
        for check in registry.deployment_checks
        if check.__module__.startswith(jwt_signin.checks.__name__)
    )
    for each in sorted(jwt_signin.checks.IDS.values()):
        short = each.partition(".")[2]
        command = "`check --deploy`" if short in deploying else "`check`"
        yield [f"`{each}`", sentence(markdown(each.what)), command]


def commands() -> Iterator[list[str]]:
    """Tell each command and its options."""
    yield ["command", "what"]
    for name in sorted(name for name, app in get_commands().items() if app == "jwt_signin"):
        command = load_command_class("jwt_signin", name)
        yield [f"`{name}`", markdown(command.help)]
        parser = argparse.ArgumentParser(add_help=False)
        command.add_arguments(parser)  # type: ignore[arg-type]  # Django's own adds its own
        for action in parser._actions:
            said = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
            chosen = f": {', '.join(map(str, action.choices))}" if action.choices else ""
            yield [
                f"`{name} {action.option_strings[0]}{said}`",
                sentence(markdown(f"{action.help}{chosen}")),
            ]


def tables() -> dict[str, Callable[[], Iterable[list[str]]]]:
    """Return what makes each table, by the name that a page asks for it by."""
    return {
        "JWT_SIGNIN": lambda: settings(Settings),
        "SIMPLE_JWT": lambda: settings(SimpleJWT),
        "endpoints": endpoints,
        "errors": errors,
        "reasons": reasons,
        "claims": claims,
        "services": services,
        "signals": signals,
        "checks": checks,
        "commands": commands,
    }


def signature(function: Any) -> str:
    """Spell what a function takes, without its types."""
    taken = inspect.signature(function)
    bare = [
        each.replace(annotation=each.empty, default=getattr(each.default, "value", each.default))
        for each in taken.parameters.values()
    ]
    return str(taken.replace(parameters=bare, return_annotation=taken.empty)).replace("'", '"')


def attribute_docstrings(thing: Any) -> dict[str, str]:
    """Return the string that follows each assignment in a class or a module, by name."""
    body = ast.parse(textwrap.dedent(inspect.getsource(thing))).body
    if inspect.isclass(thing):
        body = body[0].body  # type: ignore[attr-defined]
    told = {}
    for statement, following in pairwise(body):
        target = getattr(statement, "target", None) or (getattr(statement, "targets", [None])[0])
        value = getattr(following, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            told[target.id] = markdown(str(value.value))
    return told


def summary(thing: Any) -> str:
    """Return the first sentence of a docstring."""
    return markdown(inspect.getdoc(thing).partition("\n\n")[0])  # type: ignore[union-attr]


def markdown(text: str) -> str:
    """Spell a docstring's text in Markdown, in one line of a table."""
    return re.sub(r"\s+", " ", text).replace("``", "`").replace("|", r"\|").strip()


def sentence(text: str) -> str:
    """Begin with a capital, but for code, and end with a full stop."""
    return text[:1].upper() + text[1:].removesuffix(".") + "."


def spelled(default: Any) -> str:
    """Spell a default as a project would."""
    if isinstance(default, timedelta):
        for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
            count, rest = divmod(int(default.total_seconds()), seconds)
            if count and not rest:
                return f"{count} {unit}{'s' * (count > 1)}"
        return "`0`"
    if hasattr(default, "limit"):
        for letter, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
            count, rest = divmod(default.seconds, seconds)
            if count and not rest:
                return f'`"{default.limit}/{"" if count == 1 else count}{letter}"`'
    if isinstance(default, str | tuple):
        return f"`{json.dumps(default)}`"
    return f"`{default}`"


def filled(page: str) -> str:
    """Return a page with each of its tables made anew."""
    makers = tables()

    def table(match: re.Match[str]) -> str:
        head, *rows = makers[match[2]]()
        lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
        lines.insert(1, "|---" * len(head) + "|")
        return match[1] + "\n".join(lines) + match[3]

    return BLOCK.sub(table, page)
