"""
What a wrong setting would do, said beforehand.

One module a subject, one function a kind of mistake, one id a mistake: ``E`` where the app
cannot work, ``W`` where it can and should not.
"""

from jwt_signin.checks import keys, settings

IDS = settings.IDS | keys.IDS
"""Every id, by a word for its mistake."""
