"""Passwords: what is accepted, how they are hashed (bcrypt), and temporary ones for people."""

from __future__ import annotations

import re
import secrets
from itertools import pairwise

import bcrypt

from core.errors import Invalid
from core.i18n import _

LONG = 12
SHORT = 8
MAX_BYTES = 72  # bcrypt reads no further, and newer versions refuse longer input
ROUNDS = 12
# A bcrypt hash (12 rounds) that no password is known for: checking against it costs what a real check costs.
NOBODY = "$2b$12$XYLX0CAywDVjrhZtPSdosu0kGeHYubLQi9XiW21OIE/ScbamP12Oi"
# Words people build weak passwords from; digits and signs around them do not make them better.
_WORDS = """
    password passw0rd contrasena contraseña clave acceso usuario admin administrador operador soporte mesa helpdesk
    bienvenido bienvenida welcome qwerty qwertyuiop asdfgh asdfghjkl zxcvbnm iloveyou tequiero teamo amor princesa
    estrella mariposa chocolate football futbol america chivas mexico guadalajara monterrey queretaro gasolina
    gasolinera estacion pemex dragon monkey sunshine shadow superman batman pokemon minecraft letmein master
    secreto secret changeme cambiame temporal prueba test testing demo default sistema system computadora internet
    google facebook whatsapp samsung alejandro fernando gabriela daniela jesus dios familia verano invierno enero
    febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""
_COMMON_WORDS = frozenset(_WORDS.split())
_LETTERS = "abcdefghijkmnopqrstuvwxyz"
_DIGITS = "23456789"


def hashed(password: str) -> str:
    """The bcrypt hash that is stored, in the form of streamlit-authenticator's own `Hasher`."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, stored: str) -> bool:
    """Whether the password is the one behind the hash; input bcrypt cannot read costs the same and is wrong."""
    readable = 0 < len(password.encode()) <= MAX_BYTES and "\x00" not in password
    return bcrypt.checkpw(password.encode() if readable else b"unreadable", stored.encode()) and readable


def check_policy(password: str, username: str) -> None:
    """Raise Invalid unless the password may be used: 12 characters, or 8 that are not a common word or a run.

    Spaces at the ends are refused because the sign-in form drops them.
    """
    if problem := _problem(password, username):
        raise Invalid({"password": problem})


def _problem(password: str, username: str) -> str | None:
    if len(password) < SHORT:
        return _("The password needs at least {count} characters.").format(count=SHORT)
    if len(password.encode()) > MAX_BYTES or not password.isprintable():
        return _("The password is too long or has characters that cannot be typed.")
    if password != password.strip():
        return _("The password must not begin or end with a space.")
    if username and username.lower() in password.lower():
        return _("The password must not contain the user name.")
    if len(set(password)) < 5 or _is_run(password) or _is_common(password):
        return _("That password is too easy to guess. Use {count} characters or more, for example four words.").format(count=LONG)
    return None


def _is_common(password: str) -> bool:
    letters = re.sub(r"[\W\d_]+", "", password.lower())
    return letters in _COMMON_WORDS or (not letters and len(password) < LONG)


def _is_run(password: str) -> bool:
    """Digits or letters in sequence: 12345678, abcdefgh, 87654321."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return len(steps) == 1 or password in "12345678901234567890"


def temporary() -> str:
    """A random password that can be dictated: four groups of letters and digits without look-alikes (about 78 bits)."""
    alphabet = _LETTERS + _DIGITS
    while True:
        password = "-".join("".join(secrets.choice(alphabet) for _ignored in range(4)) for _group in range(4))
        if re.search(r"\d", password):
            return password
