"""
The statements of the hot paths, written by the ORM once for each connection.

Every request sends the same ones, and the ORM takes longer to write a statement than a database
to answer it: a look-up by ``get()`` costs about four times the statement alone.
What is kept is the SQL and the converters of its columns, both the ORM's own; values are
prepared by the fields, and instances made by ``from_db``, as the ORM does.
"""
# pyright: reportAttributeAccessIssue=false
# What _meta.get_field returns may be a relation from the other side; these names are columns.

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

from django.core.signals import setting_changed
from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql import InsertQuery, UpdateQuery
from django.dispatch import receiver

T = TypeVar("T")


class _Kept(threading.local):
    """What this thread has compiled: by alias its connection, and the statements of that."""

    def __init__(self) -> None:
        self.statements: dict[str, tuple[BaseDatabaseWrapper, dict[Any, Any]]] = {}


_kept = _Kept()


class _Select(NamedTuple):
    """A query for a row and the row that it refers to, by primary key."""

    sql: str
    compiler: Any
    converters: Any
    names: list[str]
    related_names: list[str]


Prepare = Callable[[Any, BaseDatabaseWrapper], Any]
"""How a field makes of a value what is sent."""


class _Update(NamedTuple):
    """A change of rows."""

    sql: str
    values: list[tuple[str, Prepare]]
    conditions: list[tuple[str, Prepare]]
    """What the parameters are made of, in their order."""


def fetch(model: type[models.Model], relation: str, pk: Any) -> Any:
    """
    Return the instance of ``model`` of a primary key, with what its ``relation`` refers to.

    It is what ``select_related(relation).get(pk=pk)`` returns, from the database that is written
    to, in one statement; ``None`` where either row is gone.
    """
    connection = _connection(model)
    select = _once(connection, (model, relation), partial(_select, model, relation, connection))
    with connection.cursor() as cursor:
        cursor.execute(select.sql, [model._meta.pk.get_db_prep_value(pk, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    if select.converters:
        (row,) = select.compiler.apply_converters([row], select.converters)
    middle = len(select.names)
    related_model: Any = model._meta.get_field(relation).related_model
    instance = model.from_db(connection.alias, select.names, row[:middle])
    related = related_model.from_db(connection.alias, select.related_names, row[middle:])
    instance._state.fields_cache[relation] = related
    return instance


def insert(instance: models.Model) -> None:
    """
    Write the row of a new instance whose primary key is known.

    It is ``save(force_insert=True)`` for a model without parents, and sends no signals, as
    none of this module's statements does.
    """
    model, connection = type(instance), _connection(type(instance))
    fields = model._meta.local_concrete_fields
    values = [getattr(instance, field.attname) for field in fields]
    key = (model, tuple([value is None for value in values]))
    sql = _once(connection, key, partial(_insert, instance, fields, connection))
    prepared = zip(fields, values, strict=True)
    params = [field.get_db_prep_value(value, connection) for field, value in prepared]
    _execute(connection, sql, params)
    instance._state.adding, instance._state.db = False, connection.alias


def update(model: type[models.Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """
    Write ``values`` into the rows that match ``where``, as ``filter(**where).update(**values)``.

    Args:
        model: whose rows, in the database that is written to.
        where: values by field or by ``field__lookup``, of look-ups that compare; ``None`` for
            ``IS NULL``.
        values: by field.

    Returns:
        How many rows matched.

    """
    connection = _connection(model)
    nulls = [value is None for value in (*values.values(), *where.values())]
    key = (model, tuple(values), tuple(where), tuple(nulls))
    statement = _once(connection, key, partial(_update, model, where, values, connection))
    params = [prepare(values[name], connection) for name, prepare in statement.values]
    params += [prepare(where[name], connection) for name, prepare in statement.conditions]
    return _execute(connection, statement.sql, params)


def _execute(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> int:
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _connection(model: type[models.Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]


def _once(connection: BaseDatabaseWrapper, key: Any, compile_: Callable[[], T]) -> T:
    """Return what ``compile_`` makes for a connection of this thread, made the first time."""
    owner, statements = _kept.statements.get(connection.alias, (None, {}))
    if owner is not connection:
        statements = {}
        _kept.statements[connection.alias] = connection, statements
    if key not in statements:
        statements[key] = compile_()
    statement: T = statements[key]
    return statement


def _select(model: type[models.Model], relation: str, connection: BaseDatabaseWrapper) -> _Select:
    names = _names(model)
    related_names = _names(model._meta.get_field(relation).related_model)
    columns = [*names, *(f"{relation}__{name}" for name in related_names)]
    pk = model._meta.pk.get_default()
    query = model._base_manager.filter(pk=pk).values_list(*columns).query
    compiler = query.get_compiler(connection=connection)
    sql, _ = compiler.as_sql()
    converters = compiler.get_converters([selected for selected, *_ in compiler.select])
    return _Select(sql, compiler, converters, names, related_names)


def _insert(instance: models.Model, fields: Any, connection: BaseDatabaseWrapper) -> str:
    query = InsertQuery(type(instance))
    query.insert_values(fields, [instance])
    ((sql, _),) = query.get_compiler(connection=connection).as_sql()
    return str(sql)


def _update(
    model: type[models.Model],
    where: Mapping[str, Any],
    values: Mapping[str, Any],
    connection: BaseDatabaseWrapper,
) -> _Update:
    query: Any = model._base_manager.filter(**where).query.chain(UpdateQuery)
    query.add_update_values(values)
    sql, params = query.get_compiler(connection=connection).as_sql()
    binds_null = None in params  # in SET x = NULL, of which Django's versions differ
    bound = [name for name, value in values.items() if value is not None or binds_null]
    # In the order in which filter() takes them.
    conditions = sorted(name for name, value in where.items() if value is not None)
    get_field: Callable[[str], Any] = model._meta.get_field
    return _Update(
        sql,
        [(name, get_field(name).get_db_prep_value) for name in bound],
        [(name, get_field(name.partition("__")[0]).get_db_prep_value) for name in conditions],
    )


def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    """Compile anew: a setting such as ``USE_TZ`` decides how columns are converted."""
    global _kept  # noqa: PLW0603
    _kept = _Kept()
