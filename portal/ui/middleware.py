"""Pages are sent compressed."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Files keep their own form: pictures and PDFs are compressed already, and a download wants to know
# how much is still to come.
TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")


class CompressedTextMiddleware(GZipMiddleware):
    """Compresses what is text. The length is blurred by up to 100 random bytes, and the token of
    a form is masked anew for every page, so that nobody reads secrets from lengths (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").startswith(TEXTS)
        if not is_text or isinstance(response, FileResponse):
            return response
        return super().process_response(request, response)
