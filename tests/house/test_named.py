"""The docs name no setting, code, check, command or module that is not there."""

import configparser
import re
from dataclasses import fields
from pathlib import Path

from django.conf import global_settings
from django.core.management import get_commands

import jwt_signin
from jwt_signin import checks, exceptions
from jwt_signin.conf import Settings, SimpleJWT
from tests.house.test_documented import FOREIGN_CODES, classes

ROOT = Path(__file__).parents[2]
PACKAGE = Path(jwt_signin.__file__).parent
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}
OF_OTHERS = {
    # Django, WSGI, and what the environment says
    *("DJANGO_SETTINGS_MODULE", "REMOTE_ADDR", "SCRIPT_NAME", "USERNAME_FIELD"),
    # Packages beside this one
    *("AUTH_HEADER_PREFIX", "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_CREDENTIALS"),
    *("DEFAULT_AUTHENTICATION_CLASSES", "JWT_AUTH_HTTPONLY", "JWT_AUTH_RETURN_EXPIRATION"),
    *("ASGI_APPLICATION", "LOGIN_FIELD", "TOKEN_OBTAIN_SERIALIZER", "USE_JWT"),
    # Where a page says what its reader may call a key
    "JWT_KEY_1",
}

WORDS_OF_OTHERS = {
    *("cache_page", "ensure_csrf_cookie", "last_login"),  # Django
    *("permission_denied", "permission_required"),
    "get_authenticate_header",  # REST framework
    *("session_token", "verify_token"),  # allauth, django-otp
    "token_type_hint",  # RFC 7009
    "second_factor_required",  # a project's own code
    "jwt_signin_scale",  # a database of the benchmarks
}


def variables():
    """Return what the example's settings and the test suite read of the environment."""
    sources = [*(ROOT / "example_project" / "config").glob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return set(re.findall(r'"([A-Z_]+)"', "".join(path.read_text() for path in sources)))


def settings():
    ours = {field.name for field in (*fields(Settings), *fields(SimpleJWT))}
    return ours | set(dir(global_settings)) | {"JWT_SIGNIN", "SIMPLE_JWT"} | variables()


def is_there(dotted):
    """Tell whether a module has a name, without importing what needs another package."""
    path, names = PACKAGE, dotted.split(".")[1:]
    while names and ((path / names[0]).is_dir() or (path / f"{names[0]}.py").is_file()):
        path = path / names.pop(0)
    module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return all(re.search(rf"\b{name}\b", module.read_text()) for name in names)


def strays(pattern, is_known):
    """Return what the pages name in this way and is not known, with the page."""
    named = {(page, name) for page, text in PAGES.items() for name in re.findall(pattern, text)}
    assert named, "the pattern finds nothing"
    return sorted((page, name) for page, name in named if not is_known(name))


def test_settings():
    known = settings() | OF_OTHERS

    assert strays(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", known.__contains__) == []


def test_codes():
    known = {each.default_code for each in classes()} | FOREIGN_CODES
    known |= {"invalid_grant", "no_active_account"}  # as shapes spell them

    assert strays(r"\b[45]\d\d `(\w+)`", known.__contains__) == []


def test_checks():
    known = set(checks.IDS.values())

    assert strays(r"\b[EW]\d{3}\b", lambda name: f"jwt_signin.{name}" in known) == []


def test_names():
    """Codes, reasons, fields, claims, functions, shapes: each is written somewhere in the code."""
    sources = [path for suffix in ("py", "ts") for path in PACKAGE.rglob(f"*.{suffix}")]
    known = set(re.findall(r"\w+", " ".join(path.read_text() for path in sources)))
    known |= {path.stem for path in (ROOT / "tests").rglob("*.py")} | WORDS_OF_OTHERS

    assert strays(r"`([a-z]+(?:_[a-z]+)+)`", known.__contains__) == []


def test_dotted_paths():
    path = r"\b(jwt_signin(?:\.[A-Za-z_]\w*)+)\b(?!\.[EW]\d|\.json)"

    assert strays(path, lambda name: name in checks.IDS.values() or is_there(name)) == []


def test_services():
    service = r"(?<!/)\bservices\.(\w+)(?=[(`])"

    assert strays(service, lambda name: is_there(f"jwt_signin.services.{name}")) == []


def test_commands():
    theirs = {path.stem for path in (ROOT / "example_project").rglob("commands/*.py")}
    known = {*get_commands(), *theirs, "collectstatic", "createsuperuser", "findstatic"}

    assert strays(r"manage\.py (\w+)", known.__contains__) == []


def test_environments():
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")

    assert strays(r"tox -e ([\w-]+)", lambda name: tox.has_section(f"testenv:{name}")) == []


def test_files():
    file = r"`((?:tests|benchmarks|docs|example_project|src)/[\w/.-]+)`"

    assert strays(file, lambda name: (ROOT / name).exists()) == []


def test_what_is_not_there_is_noticed():
    assert not is_there("jwt_signin.services.sign_up")
    assert not is_there("jwt_signin.nothing")
    assert is_there("jwt_signin.services.sign_in")
    assert exceptions.Refusal not in classes()
    assert ("docs/standards.md", "Standards") in strays(r"# (\w+)\n", str.islower)
