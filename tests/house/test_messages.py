"""The translations are whole, and the compiled files are those of the texts."""

import ast
import gettext
import inspect
import re
from functools import cache, partial
from pathlib import Path

import django
import polib
import pytest
import rest_framework
import rest_framework_simplejwt
from django.utils import translation
from rest_framework import exceptions as drf

from jwt_signin import exceptions
from jwt_signin.exceptions import describe

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "jwt_signin"
LANGUAGES = ["de", "es", "fr", "ja", "ko", "pt_BR", "zh_Hans"]
FOREIGN = [
    path
    for package in (django, rest_framework, rest_framework_simplejwt)
    for path in Path(package.__file__).parent.rglob("locale/*/LC_MESSAGES/django.mo")
]
MARK = re.compile(r"_|(n|p|np)?gettext(_lazy)?")
"""The functions that mark a text for translation."""
PLACEHOLDER = re.compile(r"%\(?\w+\)?|\{\w*\}", re.ASCII)

REFUSALS = {
    kind
    for kind in vars(exceptions).values()
    if inspect.isclass(kind) and issubclass(kind, exceptions.Refusal)
}
MADE = [
    *REFUSALS - {exceptions.Refusal, exceptions.Unauthorized, exceptions.Throttled},
    partial(exceptions.Throttled, 30),
    drf.NotAuthenticated,
    drf.PermissionDenied,
    drf.NotFound,
    partial(drf.MethodNotAllowed, "PUT"),
    partial(drf.UnsupportedMediaType, "text/plain"),
]
"""What makes each of the errors that the endpoints answer."""

every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def marked():
    """Return the texts that the code marks: the context or ``None``, and the text."""
    found = set()
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if MARK.fullmatch(name):
                context, text = node.args[:2] if "pg" in name else (None, node.args[0])
                found.add((context and context.value, text.value))
    return found


def path_of(language, suffix):
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def source(language):
    return polib.pofile(str(path_of(language, "po")))


def catalog(path):
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def forms(entry):
    """Return what an entry says: its one sentence, or one for each form of the plural."""
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def test_the_languages_are_those():
    assert sorted(path.name for path in (PACKAGE / "locale").iterdir()) == LANGUAGES


@every_language
def test_every_text_of_the_code_is_translated_and_no_other(language):
    entries = source(language)

    assert {(entry.msgctxt, entry.msgid) for entry in entries} == marked()
    assert entries.obsolete_entries() == []
    assert [entry.msgid for entry in entries if not all(forms(entry)) or entry.fuzzy] == []


@every_language
def test_a_translation_has_the_placeholders_of_the_text(language):
    for entry in source(language):
        for form in forms(entry):
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(entry.msgid))


@every_language
def test_a_translation_has_the_manners_of_the_text(language):
    """No exclamation marks, no blanks at the ends, the right form of the plural."""
    for entry in source(language):
        for form in forms(entry):
            assert form == form.strip()
            assert not set(form) & set("!\uff01\u00a1")


@every_language
def test_the_compiled_file_is_that_of_the_source(language):
    entries, expected = source(language), {}
    for entry in entries:
        key = "\x04".join(filter(None, (entry.msgctxt, entry.msgid)))
        plural = {(key, form): text for form, text in entry.msgstr_plural.items()}
        expected |= plural or {key: entry.msgstr}

    compiled = catalog(path_of(language, "mo"))
    header = compiled.pop("")

    assert compiled == expected
    assert f"Plural-Forms: {entries.metadata['Plural-Forms']}\n" in header


@every_language
def test_no_text_of_another_package_is_replaced(language):
    """
    Django keeps one catalog for all apps, where the first that has a text translates it for all.

    What is common, a word above all, is therefore marked with a context.
    """
    paths = [path for path in FOREIGN if path.parts[-3] == language]
    theirs = set().union(*(catalog(path) for path in paths)) - {""}

    assert len(paths) > 3
    assert theirs & set(catalog(path_of(language, "mo"))) == set()


def sentences(language):
    """Return what is told for each code."""
    with translation.override(language):
        bodies = [describe(make()) for make in MADE]
    return {(body["code"], body["detail"]) for body in bodies}


@every_language
def test_every_code_has_its_sentence(language):
    errors = (ROOT / "docs" / "reference" / "errors.md").read_text()
    documented = set(re.findall(r"^\| \d+ \| `(\w+)`", errors, re.MULTILINE))

    told = sentences(translation.to_language(language))

    assert {code for code, _ in told} == documented
    assert told & sentences("en") == set()
    assert len(told) == len(MADE)


@pytest.mark.parametrize("variant", ["ko-kr", "de-at", "es-mx", "fr-ca", "zh-cn"])
def test_a_regional_variant_is_told_the_sentences_of_its_language(variant):
    supported = translation.get_supported_language_variant(variant)

    assert sentences(supported) & sentences("en") == set()
