"""The tests' settings with ``BareUser``."""

from tests.settings import *

AUTH_USER_MODEL = "usermodels.BareUser"
SIMPLE_JWT = {"USER_ID_FIELD": "number"}
