"""How Sphinx builds the site: ``tox -e docs``, which puts it into ``build/docs/``."""

import re
from importlib import metadata
from typing import Any

import django
from django.conf import settings

# What describes itself, by its docstrings, has to be imported.
settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "jwt_signin",
    ],
    SECRET_KEY="signs nothing",
    USE_TZ=True,
)
django.setup()

project = "django-jwt-signin"
author = "The django-jwt-signin maintainers"
project_copyright = author
version = release = metadata.version("django-jwt-signin")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
# Absent on purpose: intersphinx, which asks the network, and sphinx.ext.doctest, since
# tests/house/test_readme.py runs every block of Python.
exclude_patterns = ["_ext"]
suppress_warnings = ["myst.strikethrough"]

myst_enable_extensions = ["attrs_inline", "colon_fence"]
myst_heading_anchors = 3  # by which pages link to each other's headings, as on GitHub

autodoc_mock_imports = ["channels"]  # an extra
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"

# Without the inventories of other projects their names lead nowhere.
nitpick_ignore_regex = [
    ("py:.*", r"(collections|datetime|django|rest_framework|rest_framework_simplejwt|uuid)\..*"),
    ("py:class", "HttpRequest|Request"),
    ("py:exc", "APIException|ImproperlyConfigured|TokenError"),
    ("py:class", r"timedelta|jwt_signin\.decorators\.View"),
]

html_theme = "furo"
html_title = f"django-jwt-signin {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False


def setup(app: Any) -> None:
    """Read ``exceptions.TokenExpired``, under Raises, as one of this package's."""
    app.connect("autodoc-process-docstring", _name_exceptions, priority=100)


def _name_exceptions(*args: Any) -> None:
    lines = args[-1]
    lines[:] = [re.sub(r"^( {4})exceptions\.", r"\1jwt_signin.exceptions.", each) for each in lines]
