"""Addresses of this site that were kept, as they are written now."""

from urllib.parse import urlsplit, urlunsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from gongmo.kernel.numbers import own_addresses


def written_now(address: str) -> str:
    """A kept address of this site as it is written now: from before rows had tokens it holds plain numbers, from another secret other tokens.

    What leads nowhere stays as it is. Only for what this site wrote itself, never for what somebody sends.
    """
    parts = urlsplit(address)
    try:
        with own_addresses():
            found = resolve(parts.path)
        path = reverse(found.view_name, args=found.args, kwargs=found.kwargs)
    except (Resolver404, NoReverseMatch):
        return address
    return urlunsplit(("", "", path, parts.query, parts.fragment))
