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
# Each name ends in one of few words, whose search in an answer costs a tenth of the pattern's; most answers hold none.
_LAST_WORDS = (b"token", b"secret", b"key", b"jwt", b"proof", b"passwd", b"password", b"authorization", b"sig", b"signature")
_QUOTED = (b"bearer", *(word + b'"' for word in _LAST_WORDS))
_MAY_NAME = re.compile(rb"://[^/\s:@\"]*:[^@\s/\"]+@")


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
        text = _IN_JSON.sub(rf'\1"{STARS}"', text)
        for pattern in (_IN_URL, _BEARER, _USER_INFO):
            text = pattern.sub(rf"\1{STARS}", text)
        return text

    def body(self, body: bytes) -> bytes:
        """An answer's body without credentials; bytes that are no UTF-8 are kept as they can be."""
        if not self._may_hold(body):
            return body
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _may_hold(self, body: bytes) -> bool:
        folded = body.lower()
        if any(end in folded for end in _QUOTED) or _MAY_NAME.search(body):
            return True
        if any(part.endswith(_LAST_WORDS) for part in folded.split(b"=")[:-1]):
            return True
        return any(secret.encode("utf-8", "surrogateescape") in body for secret in self._secrets)
