"""Where the statements go."""

import pytest
from django.conf import settings as project

from jwt_signin import services
from jwt_signin.models import Session

REPLICA = "tests.test_models.WriteElsewhere"


@pytest.mark.django_db
def test_no_decision_asks_a_replica(api, ada, pair, settings):
    """There is no database called ``replica``: whoever asked it would fail."""
    settings.DATABASE_ROUTERS = [REPLICA]
    assert "replica" not in project.DATABASES

    services.rotate(str(pair.refresh))
    services.check_access(str(pair.access))
    services.verify(str(pair.refresh))
    assert len(services.live_sessions(ada)) == 1
    assert services.revoke_session(ada, pair.access.session_id)
    assert services.revoke_all(ada) == 0
    assert services.log_out(str(pair.access)) == 0
    assert services.count_dead_sessions() == 0
    assert sum(services.clear_dead_sessions(10)) == 0


@pytest.mark.django_db
def test_a_session_is_ended_where_it_is_written(ada, settings):
    settings.JWT_SIGNIN = {"MAX_SESSIONS_PER_USER": 1}
    settings.DATABASE_ROUTERS = [REPLICA]

    for _session in range(2):
        services.start_session(ada)

    assert Session.objects.using("default").filter(revoke_reason="superseded").count() == 1


@pytest.mark.django_db
def test_a_queryset_that_was_read_elsewhere_is_ended_where_it_is_written(pair, settings):
    settings.DATABASE_ROUTERS = [REPLICA]

    assert services.revoke_many(Session.objects.all()) == 1
    assert Session.objects.using("default").get().revoke_reason == "admin"
