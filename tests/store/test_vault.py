"""The vault keeps personal data closed and findable."""

from __future__ import annotations

import pytest

from bot.store.vault import Vault, VaultError

ID_NUMBER = "990000198001011234"


def test_what_was_sealed_opens_again() -> None:
    vault = Vault("secret")
    sealed = vault.encrypt("张示例 " + ID_NUMBER)
    assert ID_NUMBER not in sealed
    assert vault.decrypt(sealed) == "张示例 " + ID_NUMBER


def test_the_same_text_is_sealed_differently_each_time() -> None:
    vault = Vault("secret")
    assert vault.encrypt(ID_NUMBER) != vault.encrypt(ID_NUMBER)


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(VaultError):
        Vault("other").decrypt(Vault("secret").encrypt(ID_NUMBER))


def test_a_changed_text_does_not_open() -> None:
    vault = Vault("secret")
    sealed = vault.encrypt(ID_NUMBER)
    with pytest.raises(VaultError):
        vault.decrypt(sealed[:-4] + "AAAA")


def test_a_keyed_hash_is_the_same_for_the_secret_only() -> None:
    vault = Vault("secret")
    hashed = vault.keyed_hash(ID_NUMBER)
    assert hashed == Vault("secret").keyed_hash(ID_NUMBER)
    assert hashed != Vault("other").keyed_hash(ID_NUMBER)
    assert len(hashed) == 64
    assert vault.matches(ID_NUMBER, hashed)
    assert not vault.matches("990000198001011235", hashed)


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        Vault("")


def test_sealed_bytes_open_with_the_same_secret_only():
    sealed = Vault("one").seal(b"\x00picture")
    assert b"picture" not in sealed
    assert Vault("one").unseal(sealed) == b"\x00picture"
    for vault, content in ((Vault("two"), sealed), (Vault("one"), sealed[:-1]), (Vault("one"), b"")):
        with pytest.raises(VaultError):
            vault.unseal(content)
