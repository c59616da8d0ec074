"""Identifiers, read back as the AT Protocol's specification reads them."""

from __future__ import annotations

import base64
import hashlib
import json

from socialbench.demo.ids import content_id, created_text, record_key

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


def test_record_key_holds_microseconds_and_clock() -> None:
    number = 0
    for letter in record_key(1_790_000_000_123_456, 515):
        number = number * 32 + SORTABLE.index(letter)
    assert divmod(number, 1024) == (1_790_000_000_123_456, 515)


def test_content_id_is_a_version_1_hash() -> None:
    record = {"text": "hi"}
    packed = base64.b32decode(content_id(record)[1:].upper() + "======")
    assert packed == b"\x01\x71\x12\x20" + hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()


def test_created_text_tells_what_a_reader_gets_back() -> None:
    at = 1_793_491_199_999  # 2026-10-31T23:59:59.999Z
    assert created_text(at, "milliseconds", 7) == ("2026-10-31T23:59:59.999Z", at)
    assert created_text(at, "microseconds", 7) == ("2026-10-31T23:59:59.999007Z", at)
    assert created_text(at, "offset", 7) == ("2026-10-31T23:59:59.999007+00:00", at)
    assert created_text(at, "seconds", 7) == ("2026-10-31T18:59:59-05:00", 1_793_491_199_000)
