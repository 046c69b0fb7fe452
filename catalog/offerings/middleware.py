"""Lets catalog managers into the part of the admin that is theirs."""

from .actions import keep_editor

# Where portal.urls keeps the admin.
ADMIN_PREFIX = "/admin/"


class CatalogEditorsMiddleware:
    """The admin asks groups, we ask duties (`VIS-6`): before each page of the admin the group of
    the catalog's editors is brought in step with the duty of who asks. Costs nothing elsewhere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(ADMIN_PREFIX) and request.user.is_authenticated:
            keep_editor(request.user)
        return self.get_response(request)
