"""Sessions kept between runs, so that cron does not log in anew each time: networks count logins and lock out.

They lie in the owner's own folder, one file each, mode 0600, in a folder of mode 0700. What others could read or have
written is not used.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from socialbench.collect.network import Credential, Grant

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sessions:
    """A folder of grants. A folder that cannot be used keeps nothing: the run logs in, and says why at -v."""

    folder: Path

    def load(self, network: str, url: str, credential: Credential) -> Grant | None:
        """The grant last kept for a credential at a host; None where there is none, or it cannot be trusted."""
        path = self._path(network, url, credential)
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(descriptor, "rb") as file:
                if not _private(os.fstat(descriptor)):
                    LOG.warning("%s is not used: others may read or write it; remove it", path)
                    return None
                return _grant(json.loads(file.read(65_536)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            LOG.info("%s is not used: %s", path, type(error).__name__)
            return None

    def save(self, network: str, url: str, credential: Credential, grant: Grant) -> None:
        """Keep a grant; the old one is replaced whole."""
        path = self._path(network, url, credential)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            with suppress(FileNotFoundError):
                beside.unlink()
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(asdict(grant), file)
            beside.replace(path)
        except OSError as error:
            LOG.warning("%s: the session is not kept (%s); the next run logs in again", self.folder, error.strerror)

    def _path(self, network: str, url: str, credential: Credential) -> Path:
        # The secret is part of the name's digest: whoever changes the password starts a session of its own.
        told = json.dumps([network, url, credential.prefix, sorted(credential.values.items())])
        return self.folder / f"{network}-{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"


def _private(found: os.stat_result) -> bool:
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISREG(found.st_mode) and mine and (os.name == "nt" or not found.st_mode & 0o077)


def _grant(tree: object) -> Grant:
    fields = ("access", "refresh", "account_id", "url")
    if not isinstance(tree, dict) or not isinstance(tree.get("access"), str):
        raise ValueError("not a session")
    if any(tree.get(name) is not None and not isinstance(tree[name], str) for name in fields):
        raise ValueError("not a session")
    return Grant(tree["access"], *(tree.get(name) for name in fields[1:]))
