"""Finding the view of an address: only the apps that have addresses beginning with its first word are asked."""

from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, include
from django.urls.exceptions import Resolver404
from django.urls.resolvers import ResolverMatch, RoutePattern


class App(URLResolver):
    """An app's addresses, included at the root."""

    @cached_property
    def beginnings(self) -> frozenset[str] | None:
        """The first words of its addresses, None where one of them begins with anything."""
        return _beginnings(self.url_patterns)

    def resolve(self, path: Any) -> ResolverMatch:
        begun = self.beginnings
        if begun is not None and str(path).partition("/")[0] not in begun:
            raise Resolver404({"tried": [], "path": path})
        found: ResolverMatch = super().resolve(path)
        return found


def _beginnings(patterns: list[Any]) -> frozenset[str] | None:
    found: set[str] = set()
    for each in patterns:
        route = each.pattern
        if not isinstance(each, URLPattern | URLResolver) or not isinstance(route, RoutePattern):
            return None
        word, slash, _ = str(route).partition("/")
        if "<" in word:
            return None
        if isinstance(each, URLResolver) and not slash:
            below = _beginnings(each.url_patterns) if not word else None
            if below is None:
                return None
            found |= below
        else:
            found.add(word)
    return frozenset(found)


def app(urls: Any) -> App:
    """`path("", include(urls))`, asked only for what can be its own."""
    module, name, namespace = include(urls)
    return App(RoutePattern("", is_endpoint=False), module, {}, app_name=name, namespace=namespace)
