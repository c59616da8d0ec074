"""The deck's bytes: the same ones each time, whatever the clock says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime

ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
FIRST_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 - office properties know no zones


def sealed(package: bytes, swaps: Mapping[str, str] | None = None) -> bytes:
    """Write a zip again with the same times in it each time, and with `swaps` made in its XML, all at once."""
    made = {old.encode(): new.encode() for old, new in (swaps or {}).items()}
    found = re.compile(b"|".join(map(re.escape, made))) if made else None
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, ZIP_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = before.read(name)
            if found is not None and name.endswith(".xml"):
                data = found.sub(lambda swapped: made[swapped.group()], data)
            after.writestr(entry, data)
    return out.getvalue()


def written_at(cut_off: str | None) -> datetime:
    """What an office file names as the moment of its making: up to when the report's facts were read."""
    return datetime.fromisoformat(cut_off).replace(tzinfo=None, microsecond=0) if cut_off else FIRST_MOMENT
