"""Answers on their way out: compressed so that their length tells little, with the content policy, found by the address's first word."""

import gzip
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import Resolver404, get_resolver, path

from gongmo.web.leaving import Compressed
from gongmo.web.routing import app, apps

pytestmark = pytest.mark.django_db
TEXT = "지역과 기업을 잇는 공모 " * 200


def compressed(response: HttpResponse, accepts: str = "gzip, br") -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return cast(HttpResponse, Compressed(lambda _: response)(request))


def test_a_page_is_packed_and_comes_out_the_same() -> None:
    response = compressed(HttpResponse(TEXT))

    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert int(response["Content-Length"]) == len(response.content) < len(TEXT)
    assert gzip.decompress(response.content).decode() == TEXT


def test_the_same_page_has_not_always_the_same_length() -> None:
    lengths = {len(compressed(HttpResponse(TEXT)).content) for _ in range(30)}

    assert len(lengths) > 1


def test_a_strong_tag_becomes_weak_and_what_varies_is_told() -> None:
    response = compressed(HttpResponse(TEXT, headers={"ETag": '"a"', "Vary": "Cookie"}))

    assert response["ETag"] == 'W/"a"'
    assert response["Vary"] == "Cookie, Accept-Encoding"


@pytest.mark.parametrize("accepts", ["", "br", "identity"])
def test_who_takes_no_gzip_gets_the_plain_page(accepts: str) -> None:
    response = compressed(HttpResponse(TEXT), accepts)

    assert "Content-Encoding" not in response
    assert response.content.decode() == TEXT


def test_short_and_packed_answers_stay_as_they_are() -> None:
    assert "Content-Encoding" not in compressed(HttpResponse("짧은 답"))
    packed = compressed(HttpResponse(b"x" * 999, headers={"Content-Encoding": "br"}))
    assert packed["Content-Encoding"] == "br"


def test_streams_are_packed_as_they_come() -> None:
    def pieces() -> Iterator[bytes]:
        yield from (TEXT.encode(), TEXT.encode())

    response = compressed(StreamingHttpResponse(pieces()))  # type: ignore[arg-type]

    assert gzip.decompress(b"".join(response.streaming_content)).decode() == TEXT * 2  # type: ignore[attr-defined]


def test_every_page_tells_the_content_policy() -> None:
    policy = Client().get("/calls/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def _view(request: object) -> HttpResponse:
    return HttpResponse()


def test_an_app_is_asked_only_for_addresses_that_begin_like_its_own() -> None:
    found = app(([path("desk/<int:pk>/", _view, name="one"), path("", _view)], "sample"))

    assert found.beginnings == frozenset({"desk", ""})
    assert found.resolve("desk/3/").kwargs == {"pk": 3}
    with pytest.raises(Resolver404):
        found.resolve("elsewhere/3/")


def test_an_app_whose_addresses_begin_with_anything_is_always_asked() -> None:
    found = app(([path("<slug:any>/", _view)], "sample"))

    assert found.beginnings is None
    assert found.resolve("whatever/").kwargs == {"any": "whatever"}


def test_every_address_of_every_app_is_found_as_before() -> None:
    (house,) = get_resolver().url_patterns[:1]
    every: list[Any] = house.url_patterns  # type: ignore[union-attr]
    for each in every:
        begun = getattr(each, "beginnings", None)
        if begun is not None:
            told = {str(part.pattern).removeprefix("^").partition("/")[0] for part in each.url_patterns}
            assert told == set(begun)


def test_an_address_of_a_known_shape_is_found_as_one_of_an_unknown_shape() -> None:
    patterns = [
        path("desk/<int:pk>/", _view, name="number"),
        path("desk/<slug:word>/", _view, name="word"),
        path("desk/<slug:word>/<int:pk>/", _view, name="both"),
    ]
    for first, second, name in (
        ("desk/1/", "desk/22/", "number"),
        ("desk/a1/", "desk/a22/", "word"),
        ("desk/a-1/3/", "desk/a-22/4/", "both"),
        # What is a number no more is a word, and says nothing about the next one.
        (f"desk/{'1' * 5000}/", "desk/1/", "number"),
    ):
        found = app((patterns, "sample"))
        found.resolve(first)
        match = found.resolve(second)
        fresh = app((patterns, "sample")).resolve(second)
        assert match.url_name == fresh.url_name == name
        assert (match.kwargs, match.view_name, match.route) == (fresh.kwargs, fresh.view_name, fresh.route)
        assert found.resolve(second).kwargs == fresh.kwargs


def test_shapes_are_not_remembered_where_a_pattern_tells_numbers_apart() -> None:
    patterns = [path("desk/2025/", _view, name="year"), path("desk/<int:pk>/", _view, name="number")]
    found = app((patterns, "sample"))

    assert [found.resolve(f"desk/{pk}/").url_name for pk in (2024, 2025, 2026)] == [
        "number",
        "year",
        "number",
    ]


def test_only_apps_that_can_have_an_address_are_asked_at_the_root() -> None:
    one = app(([path("desk/<int:pk>/", _view, name="one")], "one"))
    other = app(([path("desk/list/", _view, name="list"), path("hall/", _view, name="hall")], "other"))
    house = apps([one, path("any/<slug:word>/", _view, name="any"), other])

    assert [house.resolve(each).view_name for each in ("desk/3/", "desk/list/", "hall/", "any/a/")] == [
        "one:one",
        "other:list",
        "other:hall",
        "any",
    ]
    for nowhere in ("desk/", "nowhere/", "", "hall/3/"):
        with pytest.raises(Resolver404):
            house.resolve(nowhere)
