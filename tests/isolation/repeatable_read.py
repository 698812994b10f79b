"""The tests' settings at the isolation level ``REPEATABLE READ``."""

from tests.databases import isolated
from tests.settings import *

DATABASES = isolated(DATABASES, "repeatable read")
