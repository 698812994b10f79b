"""The translations are whole, and the compiled files are those of the texts."""

import ast
import gettext
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "jwt_signin"
LANGUAGES = sorted(path.name for path in (PACKAGE / "locale").iterdir())


def texts():
    """Every text that the code marks for translation."""
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                yield node.args[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    compiled = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.mo"
    with compiled.open("rb") as file:
        catalog = gettext.GNUTranslations(file)

    missing = {text for text in texts() if catalog.gettext(text) == text}

    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_of_the_translation_is_no_older(language):
    source = (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    compiled = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.mo"
    with compiled.open("rb") as file:
        catalog = gettext.GNUTranslations(file)

    assert "fuzzy" not in source
    for text in set(texts()):
        assert f'msgid "{text}"\nmsgstr "{catalog.gettext(text)}"' in source
