"""Putting tasks in order shows nothing of tasks that one may not read (`VIS-1`)."""

from itil.tasks.models import Task
from tests.itil.tasks import plans


def test_waiting_for_another_task_offers_only_tasks_one_may_read(signed_in, cast):
    _ticket, _tasks = plans.begun(cast)
    install = Task.objects.get(key="install")

    page = signed_in(cast.ned).get(f"{install.get_absolute_url()}wait-for/").content.decode()
    own = signed_in(cast.bo).get(f"{install.get_absolute_url()}wait-for/").content.decode()

    assert "Hand it over" not in page
    assert "Put a label on it" not in page
    assert "Put a label on it" in own
