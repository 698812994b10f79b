"""The tests' settings at the strictest isolation level of the database at hand."""

from tests.databases import isolated
from tests.settings import *

DATABASES = isolated(DATABASES, "serializable")
