"""Those who are compared, by name."""

from benchmarks.compare.contenders.allauth import Allauth, StatefulAllauth
from benchmarks.compare.contenders.auth_kit import AuthKit
from benchmarks.compare.contenders.base import OPERATIONS, PASSWORD, USERS, Ask, Contender, Tokens
from benchmarks.compare.contenders.dj_rest_auth import DjRestAuth
from benchmarks.compare.contenders.floor import (
    CompiledFloor,
    Floor,
    PlainCompiledFloor,
    PlainFloor,
)
from benchmarks.compare.contenders.jwt_signin import JWTSignin, WithoutLastLogin
from benchmarks.compare.contenders.knox import Knox
from benchmarks.compare.contenders.simple_jwt import (
    PlainSimpleJWT,
    SimpleJWT,
    SimpleJWTWithLastLogin,
)

__all__ = ["CONTENDERS", "OPERATIONS", "PASSWORD", "USERS", "Ask", "Contender", "Tokens"]

ALL = (
    JWTSignin,
    WithoutLastLogin,
    SimpleJWT,
    SimpleJWTWithLastLogin,
    PlainSimpleJWT,
    DjRestAuth,
    AuthKit,
    Allauth,
    StatefulAllauth,
    Knox,
    Floor,
    CompiledFloor,
    PlainFloor,
    PlainCompiledFloor,
)

CONTENDERS: dict[str, Contender] = {each.name: each() for each in ALL}
