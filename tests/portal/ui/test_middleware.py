"""Text is compressed, files are not."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory

from portal.ui.middleware import CompressedTextMiddleware


def sent(content_type: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressedTextMiddleware(
        lambda _request: HttpResponse(b"words " * 200, content_type=content_type)
    )
    return answer(request)


def test_text_is_compressed():
    response = sent("text/html; charset=utf-8")
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == b"words " * 200


def test_a_file_keeps_its_form_and_its_length():
    response = sent("application/pdf")
    assert not response.has_header("Content-Encoding")
    assert response.content == b"words " * 200
