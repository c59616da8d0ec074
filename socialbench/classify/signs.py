"""What needs no language: question marks, faces, hands, hearts, stars."""

from __future__ import annotations

import re

FEW_STARS = 2
MANY_STARS = 4

_ANGRY = re.compile("[😠😡🤬😤👿👎🖕💩🤮🤢😒🙄😞😔😟🙁☹😣😖😫😾💔😢]")
_HAPPY = re.compile("[❤♥💕💖💗💙💚💛🧡💜🖤🤍😍🥰😘😊☺😀😁😃😄😇🤗🤩😎👍👏🙌🙏💪🎉🥳✨⭐🌟💯👌🏆😻🤝]")
_FROWN = re.compile(r"(?<![\w:])[:=;]'?-?[(\[/](?![\w/])|(?<!\w)D:(?!\w)")
_SMILE = re.compile(r"(?<![\w:])[:=;]'?-?[)\]D](?!\w)|<3+(?!\d)")
_QUESTION = re.compile("[?？¿؟⁇⁈⁉՞❓❔]")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


def asks(text: str) -> bool:
    """Whether a question mark of any script stands in the text."""
    return "?" in text or (not text.isascii() and _QUESTION.search(text) is not None)


def angry(text: str) -> bool:
    """Whether a face or hand in the text is angry or sad."""
    if not text.isascii() and _ANGRY.search(text):
        return True
    return (":" in text or "=" in text or ";" in text) and _FROWN.search(text) is not None


def happy(text: str) -> bool:
    """Whether a face, hand or heart in the text is a friendly one."""
    if not text.isascii() and _HAPPY.search(text):
        return True
    return (")" in text or "]" in text or "D" in text or "<3" in text) and _SMILE.search(text) is not None


def has_letters(text: str) -> bool:
    """Whether a letter of any script stands in the text."""
    return _LETTER.search(text) is not None


def has_digits(text: str) -> bool:
    """Whether a digit stands in the text."""
    return _DIGIT.search(text) is not None
