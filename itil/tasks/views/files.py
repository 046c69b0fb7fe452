"""Handing out what shows that a task is done."""

import uuid as uuid_module

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from itil.conversation.views import handed_out
from itil.tasks.models import Evidence, Task


@login_required
@require_safe
def evidence(request: HttpRequest, uuid: uuid_module.UUID) -> HttpResponseBase:
    """The file, for those who may see its task; for everybody else it does not exist."""
    tasks = Task.objects.visible_to(request.user)
    return handed_out(get_object_or_404(Evidence, uuid=uuid, task__in=tasks))
