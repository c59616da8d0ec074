"""Secrets come from the environment, from files that it names, or from `.env`; never from YAML or flags."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from socialbench.collect.network import Credential, Facts
from socialbench.errors import CredentialError
from socialbench.model import Handle


def read_environment(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """`environ` over what `.env` in `folder` says; the process's own variables win."""
    path = folder / ".env"
    if not path.is_file():
        return dict(environ)
    from dotenv import dotenv_values

    said = {name: value for name, value in dotenv_values(path, interpolate=False).items() if value is not None}
    return {**said, **environ}


def prefix_of(handle: Handle, network_prefix: str | None = None) -> str:
    """The beginning of the names of a handle's variables: its own, else the network's in the config, else ours.

    >>> prefix_of(Handle("bluesky", "acme.test")), prefix_of(Handle("bluesky", "acme.test", credentials="ACME_BSKY"))
    ('SOCIALBENCH_BLUESKY', 'ACME_BSKY')
    """
    return handle.credentials or network_prefix or f"SOCIALBENCH_{handle.network.upper()}"


def find_credential(facts: Facts, prefix: str, environ: Mapping[str, str]) -> Credential | None:
    """What `environ` holds for a network under `prefix`; None where it holds no secret.

    Raises CredentialError where a variable names a file that cannot be read, or a needed part is missing.
    """
    values = {}
    for need in facts.needs:
        value = _read(f"{prefix}_{need.suffix}", environ)
        if value:
            values[need.suffix] = value
    if not any(need.secret and need.suffix in values for need in facts.needs):
        return None
    return Credential(prefix, values)


def missing(facts: Facts, prefix: str, environ: Mapping[str, str]) -> list[str]:
    """One line per variable that is not there: its name, what it is, how to come by it."""
    named = [(f"{prefix}_{need.suffix}", need) for need in facts.needs]
    absent = [(name, need) for name, need in named if not environ.get(name) and not environ.get(f"{name}_FILE")]
    return [f"{name}: {need.what}; {need.how}" for name, need in absent]


def _read(name: str, environ: Mapping[str, str]) -> str | None:
    if environ.get(name):
        return environ[name].strip()
    path = environ.get(f"{name}_FILE")
    if not path:
        return None
    try:
        return Path(path).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = type(error).__name__
        raise CredentialError(f"{name}_FILE: {path} cannot be read ({why}); name a readable file or set {name}") from error
