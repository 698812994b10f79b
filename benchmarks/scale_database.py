"""The benchmark's own database: made, filled, weighed and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from benchmarks.scale_server import DATABASE
from benchmarks.scale_settings import Router
from jwt_signin.models import Session, auth_hashes, digest, short_digest

SECRET = "of every session alike"
PASSWORD = "!of every user alike"
MANY, ENDED = 1, 2
"""The user with 1 000 live sessions, and the one with 999 ended ones and a live one."""
ONE_IN = 101
"""Among dead sessions, how many stand for each that lives."""
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)  # 111 characters, the commonest of all

USERS = """
INSERT INTO auth_user (id, username, password, first_name, last_name, email,
                       is_superuser, is_staff, is_active, date_joined)
SELECT i, 'user' || i, %(password)s, '', '', 'user' || i || '@example.com',
       false, false, true, now()
FROM generate_series(1, %(users)s) i
"""
# 7919 is prime, so that the rows of one user are spread over the table as months would spread
# them; sessions end in the order in which they began.
SESSIONS = """
INSERT INTO jwt_signin_session (id, user_id, generation, rotated_at, rotation_key, secret_hash,
                                auth_hash, transport, remember, ip, user_agent, label, created_at,
                                expires_at, revoked_at, revoke_reason)
SELECT gen_random_uuid(),
       CASE i %% %(every)s WHEN 0 THEN 1 WHEN 7 THEN 2 WHEN 3 THEN %(users)s + i / %(every)s
                           ELSE 3 + i::bigint * 7919 %% (%(users)s - 2) END,
       0,
       now() - CASE WHEN %(dead)s <> '' AND i %% 101 <> 0 THEN interval '30 days'
                    ELSE interval '6 days' * random() + interval '1 hour' END,
       %(key)s, %(secret)s, %(auth)s, 'body', true, inet '198.18.0.0' + i %% 65536, %(browser)s,
       'Chrome on Windows', now() - interval '100 days',
       now() + interval '1 day' + interval '80 days' * i / %(rows)s
             - CASE WHEN %(dead)s = 'outlived' AND i %% 101 <> 0 THEN interval '85 days'
                    ELSE interval '0' END,
       CASE WHEN i %% %(every)s = 7 AND i >= 1000 + %(every)s THEN now() END,
       CASE WHEN i %% %(every)s = 7 AND i >= 1000 + %(every)s THEN 'logged_out' ELSE '' END
FROM generate_series(1000, 999 + %(rows)s) i
"""


@contextmanager
def own_database(url: str) -> Iterator[None]:
    """Create the database with its two tables, and drop it whatever happens."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            run("CREATE SCHEMA small")
            for alias in connections:
                Router.alias = alias
                call_command("migrate", database=alias, verbosity=0)
            yield
        finally:
            connections.close_all()
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def run(sql: str, parameters: Any = None, *, alias: str = "default") -> None:
    """Send a statement that answers nothing."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, parameters)


def ask(sql: str, *, alias: str = "default") -> list[tuple[Any, ...]]:
    """Return the rows of a statement."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def fill(
    rows: int, *, users: int, alias: str = "default", dead: str = "", key: bool = True
) -> None:
    """
    Empty the tables and insert sessions as if months had passed, then vacuum.

    Args:
        rows: how many.
        users: how many they are spread over; 1 000 further ones have one session each, and two
            have 1 000 each, where there are enough rows for that.
        alias: which of the two tables.
        dead: how all but one in 101 died: ``outlived``, ``idle``, or not at all.
        key: whether the last rotation bore an ``Idempotency-Key``.

    """
    Router.alias = alias
    run("TRUNCATE jwt_signin_session, auth_user CASCADE", alias=alias)
    run(USERS, {"users": users + 2000, "password": PASSWORD}, alias=alias)
    run(
        SESSIONS,
        {
            "rows": rows,
            "users": users,
            "every": rows // 1000 if rows > users else 10**9,
            "dead": dead,
            "key": short_digest("key") if key else None,
            "secret": digest(SECRET),
            "auth": next(auth_hashes(_anyone())),
            "browser": BROWSER,
        },
        alias=alias,
    )
    run("VACUUM (ANALYZE) jwt_signin_session", alias=alias)
    run("VACUUM (ANALYZE) auth_user", alias=alias)
    run("CHECKPOINT", alias=alias)


def weigh() -> dict[str, int]:
    """Return the bytes of the table and of each of its indexes."""
    sizes = {
        "heap": ask("SELECT pg_relation_size('jwt_signin_session')")[0][0],
        **dict(
            ask(
                "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid)"
                " FROM pg_index WHERE indrelid = 'jwt_signin_session'::regclass ORDER BY 1"
            )
        ),
    }
    total = ask("SELECT pg_total_relation_size('jwt_signin_session')")[0][0]
    return sizes | {"maps": total - sum(sizes.values())}


def _anyone() -> Any:
    """Return a user with the password that all of them have."""
    return Session._meta.get_field("user").related_model(password=PASSWORD)
