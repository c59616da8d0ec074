"""Hashes of replies without the name of whom they address, so that "Hi Ann!" and "Hi Bob!" are one template.

Derived when frames are loaded: names change, and the message answered may come after its answer.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, func, or_, select

from socialbench.store import schema
from socialbench.store.texts import nameless_hash

CHUNK = 20_000

Column = np.ndarray[tuple[int], np.dtype[np.int64]]


def nameless_hashes(connection: Connection) -> tuple[Column, Column]:
    """(message keys, hashes) of the replies by accounts that others speak to, where a name stood in the text."""
    reply, parent = schema.message.alias(), schema.message.alias()
    text, asked, author = schema.text.alias(), schema.text.alias(), schema.account.alias()
    spoken_to = select(schema.address.c.account).distinct().subquery()
    name = func.coalesce(author.c.display_name, asked.c.author_display_name)
    statement = (
        select(reply.c.key, text.c.text, name)
        .join(spoken_to, spoken_to.c.account == reply.c.author)
        .join(parent, parent.c.key == reply.c.parent)
        .join(text, text.c.message == reply.c.key)
        .outerjoin(asked, asked.c.message == parent.c.key)
        .outerjoin(author, author.c.key == parent.c.author)
        .where(or_(author.c.display_name.is_not(None), asked.c.author_display_name.is_not(None)))
    )
    keys: list[int] = []
    hashes: list[int] = []
    for rows in connection.execution_options(yield_per=CHUNK).execute(statement).partitions(CHUNK):
        for key, said, addressed in rows:
            found = nameless_hash(said, addressed)
            if found is not None:
                keys.append(key)
                hashes.append(found)
    return np.array(keys, dtype=np.int64), np.array(hashes, dtype=np.int64)
