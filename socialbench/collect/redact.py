"""Nothing that the collector writes, logs or raises holds a credential."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, quote_plus, unquote_plus

STARS = "***"
_NAMES = (
    r"(?:access_?token|refresh_?token|oauth_?token|id_?token|token_secret|client_?secret|app_?secret|api_?key|apikey|"
    r"access_?jwt|refresh_?jwt|appsecret_proof|password|passwd|authorization|secret|sig|signature)"
)
_IN_JSON = re.compile(rf'(?i)("{_NAMES}"\s*:\s*)"(?:[^"\\]|\\.)*"')
_IN_URL = re.compile(rf"(?i)((?:[?&;]|\\u0026|^)(?:{_NAMES}|token|key)=)[^&;#\s\"'\\]+")
_BEARER = re.compile(r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}")
_USER_INFO = re.compile(r"(://[^/\s:@\"]*:)[^@\s/\"]+(?=@)")
_SHORTEST = 4
# A search for a few fixed words costs a tenth of the patterns', and in most answers there is none.
_LAST_WORDS = ("token", "secret", "key", "jwt", "proof", "password", "passwd", "authorization", "sig", "signature")
_ENDS_IN_JSON = tuple(f'{word}"' for word in _LAST_WORDS)
_ENDS_IN_URL = tuple(f"{word}=" for word in _LAST_WORDS)


class Redactor:
    """Cuts known secrets, and whatever stands where secrets stand, out of texts and bodies."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def learn(self, secret: str | None) -> None:
        """Cut `secret` out from now on, in each spelling that a URL or JSON gives it."""
        if secret and len(secret) >= _SHORTEST:
            self._secrets |= {secret, quote(secret, safe=""), quote_plus(secret), unquote_plus(secret), json.dumps(secret)[1:-1]}

    def text(self, text: str) -> str:
        """`text` without credentials."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, STARS)
        folded = text.casefold()
        if any(end in folded for end in _ENDS_IN_JSON):
            text = _IN_JSON.sub(rf'\1"{STARS}"', text)
        if any(end in folded for end in _ENDS_IN_URL):
            text = _IN_URL.sub(rf"\1{STARS}", text)
        if "bearer" in folded:
            text = _BEARER.sub(rf"\1{STARS}", text)
        return _USER_INFO.sub(rf"\1{STARS}", text)

    def body(self, body: bytes) -> bytes:
        """An answer's body without credentials; bytes that are no UTF-8 are kept as they can be."""
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
