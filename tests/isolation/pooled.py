"""The tests' settings with a pool of connections, smaller than the number of threads."""

from tests.settings import *

DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8, "timeout": 60}}
