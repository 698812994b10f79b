"""
Limits on guessing: how often a sign-in may fail, and how often a session is refreshed.

A place is taken before any password is hashed, so that parallel guesses cannot outrun the count;
a sign-in that does not fail gives it back.
"""

from jwt_signin.throttling.refreshes import RefreshLimit
from jwt_signin.throttling.sign_ins import SignInAttempt

__all__ = ["RefreshLimit", "SignInAttempt"]
