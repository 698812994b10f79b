"""The tests' settings with ``UUIDUser``."""

from tests.settings import *

AUTH_USER_MODEL = "usermodels.UUIDUser"
