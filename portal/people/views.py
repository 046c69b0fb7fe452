"""Where people land after signing in, and their own settings."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect


@login_required
def start(request):
    """Agents land on their queue, everybody else on the portal's home page."""
    return redirect("desk:queue" if request.user.grants.is_agent else "/")
