"""What stands in a URL: the host that it leads to, and parameters as they are spelled."""

from __future__ import annotations

from urllib.parse import urlsplit

from socialbench.collect.network import Params


def spelled(params: Params | None) -> list[tuple[str, str | int | float | bool | None]] | None:
    """Booleans as JSON spells them, lists repeated.

    >>> spelled({"id[]": ["1", "2"], "whole": True})
    [('id[]', '1'), ('id[]', '2'), ('whole', 'true')]
    """
    if params is None:
        return None
    spelled: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in params.items():
        values = [value] if isinstance(value, str | int) else list(value)
        spelled += [(name, ("true" if each else "false") if isinstance(each, bool) else each) for each in values]
    return spelled


def origin_of(url: str) -> str:
    """Scheme, host and port: what a credential, a pace and a pause hold for.

    >>> origin_of("https://Social.test/@acme")
    'https://social.test:443'
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"
