"""The tests' settings with ``EmailUser``."""

from tests.settings import *

AUTH_USER_MODEL = "usermodels.EmailUser"
