"""Those who are compared, by name."""

from benchmarks.compare.contenders.base import OPERATIONS, PASSWORD, USERS, Ask, Contender, Tokens
from benchmarks.compare.contenders.jwt_signin import JWTSignin
from benchmarks.compare.contenders.simple_jwt import PlainSimpleJWT, SimpleJWT

__all__ = ["CONTENDERS", "OPERATIONS", "PASSWORD", "USERS", "Ask", "Contender", "Tokens"]

CONTENDERS: dict[str, Contender] = {
    each.name: each() for each in (JWTSignin, SimpleJWT, PlainSimpleJWT)
}
