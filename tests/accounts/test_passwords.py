"""Which passwords are accepted, and that checking one costs the same whoever is asked for."""

from __future__ import annotations

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from core.accounts import passwords
from core.errors import Invalid


@pytest.mark.parametrize("good", ["caminos-largos-92", "Tr3s-pozos", "cuatro palabras muy largas", "ñandú-ágil-7"])
def test_long_or_uncommon_passwords_are_accepted(good: str) -> None:
    passwords.check_policy(good, "ana")


@pytest.mark.parametrize("bad", [
    "corta-7", "password1", "Contraseña2026", "gasolina!", "12345678", "abcdefghijkl", "87654321", "aaaaaaaaaaaaaa",
    "1234567890123", " con espacio al frente", "con espacio atras ", "gasolina-2026-gasolina"[:13],
    "x" * 40 + "é" * 20, "tiene\ttabulador-7", "nul\x00en-medio-77", "ana.lopez-2026",
])
def test_guessable_or_unusable_passwords_are_refused_with_a_reason(bad: str) -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.check_policy(bad, "ana.lopez")
    assert set(refusal.value.fields) == {"password"}
    assert "contraseña" in str(refusal.value).lower()


def test_temporary_passwords_pass_the_policy_and_never_repeat() -> None:
    made = {passwords.temporary() for _round in range(300)}
    assert len(made) == 300
    for each in made:
        passwords.check_policy(each, "nueva.persona")


def test_a_hash_is_one_that_streamlit_authenticator_reads() -> None:
    stored = passwords.hashed("caminos-largos-92")
    assert Hasher.is_hash(stored)
    assert Hasher.check_pw("caminos-largos-92", stored)
    assert not Hasher.check_pw("caminos-largos-93", stored)


@pytest.mark.parametrize("unreadable", ["", "x" * 73, "á" * 37, "a\x00b"])
def test_what_bcrypt_cannot_read_is_wrong_and_not_an_error(unreadable: str) -> None:
    assert passwords.matches(unreadable, passwords.NOBODY) is False
    assert passwords.matches(unreadable, passwords.hashed("unreadable")) is False


def test_the_hash_for_nobody_costs_as_much_as_a_real_one() -> None:
    assert Hasher.is_hash(passwords.NOBODY)
    assert passwords.NOBODY.split("$")[2] == passwords.hashed("caminos-largos-92").split("$")[2]
