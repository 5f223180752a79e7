"""The vault: personal data encrypted for keeping, and keyed hashes to find it again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class VaultError(Exception):
    """A stored text cannot be opened with this secret."""


class Vault:
    """Encrypts and hashes with keys derived from one secret.

    The keys are independent, so a hash in an index tells nothing about the encrypted text beside it.
    """

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("the vault needs a secret")
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, b"fangxin vault: encryption")))
        self._hash_key = _derived(secret, b"fangxin vault: keyed hash")
        self._content = AESGCM(_derived(secret, b"fangxin vault: content"))

    def encrypt(self, text: str) -> str:
        """The text, sealed; the same text gives another result each time."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, sealed: str) -> str:
        """The text that ``encrypt`` sealed; ``VaultError`` with another secret or a changed text."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except (InvalidToken, UnicodeError) as exc:
            raise VaultError("the stored text cannot be opened with this secret") from exc

    def seal(self, content: bytes) -> bytes:
        """The bytes, sealed; for what is too large to be kept as text."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._content.encrypt(nonce, content, None)

    def unseal(self, sealed: bytes) -> bytes:
        """The bytes that ``seal`` sealed; ``VaultError`` with another secret or changed bytes."""
        try:
            return self._content.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as exc:
            raise VaultError("the stored bytes cannot be opened with this secret") from exc

    def keyed_hash(self, text: str) -> str:
        """HMAC-SHA256 in hex: equal texts give equal results, which only the secret's holder can make."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).hexdigest()

    def matches(self, text: str, keyed_hash: str) -> bool:
        """Whether a hash belongs to the text, compared in constant time."""
        return hmac.compare_digest(self.keyed_hash(text), keyed_hash)


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
