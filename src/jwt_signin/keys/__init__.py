"""
The keys, and the border to JOSE.

Which key signs and which verify is read from the settings once; a key that is none is refused
by a sentence that names its setting and never quotes it.
"""

from jwt_signin.keys.key import Key
from jwt_signin.keys.reading import UnfitKeyError, readings, signs_with_secret_key
from jwt_signin.keys.ring import MAX_TOKEN_LENGTH, KeyRing, key_ring
from jwt_signin.keys.secrets import is_guessable

__all__ = [
    "MAX_TOKEN_LENGTH",
    "Key",
    "KeyRing",
    "UnfitKeyError",
    "is_guessable",
    "key_ring",
    "readings",
    "signs_with_secret_key",
]
