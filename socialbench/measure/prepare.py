"""The frames of a store made ready once per run: rows by number, parents by row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from socialbench.measure.survival import Bools, Ints
from socialbench.model import Brand, Frames, Handle


@dataclass(frozen=True)
class Prepared:
    """Frames with parents as row numbers (-1: none), and a flag where a parent is named but absent."""

    frames: Frames
    columns: dict[str, Ints]
    network: Ints
    network_names: tuple[str, ...]
    parent: Ints
    parent_absent: Bools
    address_row: Ints
    keys: Ints
    order: Ints

    def rows_of(self, keys: Ints) -> Ints:
        """The row of each message key, -1 where it has none."""
        place = np.minimum(np.searchsorted(self.keys, keys), max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        return np.where(self.keys[place] == keys, self.order[place], -1)


_COLUMNS = (
    "key",
    "space",
    "author",
    "parent",
    "root",
    "sent_at",
    "last_seen_at",
    "gone",
    "gone_at",
    "linking",
    "stars",
    "bot",
    "text_hash",
    "kind",
    "followers",
)


def prepare(frames: Frames, as_of: int | None = None) -> Prepared:
    """Rows by number; with `as_of`, later messages are as if not seen yet."""
    messages = frames.messages
    if as_of is not None:
        messages = messages[messages["sent_at"] < as_of].reset_index(drop=True)
        frames = replace(frames, messages=messages)
    columns = {name: messages[name].to_numpy(dtype=np.int64) for name in _COLUMNS}
    order = np.argsort(columns["key"], kind="stable")
    keys = columns["key"][order]
    networks = frames.spaces.set_index("key")["network"].astype(str)
    names = tuple(sorted(set(networks)))
    codes = {int(str(key)): names.index(name) for key, name in networks.items()}
    spaces, inverse = np.unique(columns["space"], return_inverse=True)
    network = np.array([codes[int(space)] for space in spaces], dtype=np.int64)[inverse] if len(messages) else columns["space"]
    bare = Prepared(frames, columns, network, names, columns["parent"], columns["parent"] >= 0, columns["parent"], keys, order)
    parent = bare.rows_of(columns["parent"])
    return Prepared(
        frames=frames,
        columns=columns,
        network=network,
        network_names=names,
        parent=parent,
        parent_absent=np.asarray((columns["parent"] >= 0) & (parent < 0), dtype=np.bool_),
        address_row=bare.rows_of(frames.addresses["message"].to_numpy(dtype=np.int64)),
        keys=keys,
        order=order,
    )


def accounts_of(brand: Brand, frames: Frames) -> dict[int, Handle]:
    """The account keys that are the brand's by the config's word: id or any name seen, case-folded, per network and origin."""
    accounts = account_index(frames)
    columns = [accounts[name].tolist() for name in ("network", "origin", "id", "names")]
    found: dict[int, Handle] = {}
    for handle in brand.handles:
        wanted = handle.name.lstrip("@").casefold()
        for key, network, origin, account_id, names in zip(accounts.index.tolist(), *columns, strict=True):
            if network != handle.network or (handle.origin is not None and origin != handle.origin):
                continue
            if wanted == str(account_id).lstrip("@").casefold() or wanted in names:
                found.setdefault(int(key), handle)
    return found


def account_index(frames: Frames) -> pd.DataFrame:
    """Accounts with their network and origin, by key."""
    return frames.accounts.merge(frames.spaces.rename(columns={"key": "space"}), on="space", how="left").set_index("key")
