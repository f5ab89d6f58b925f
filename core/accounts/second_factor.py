"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who has lost it.

A code is good for its own step of 30 seconds and the ones beside it, and only once. Wrong codes count like wrong passwords.
A recovery code is random enough (78 bits) to be kept as a plain SHA-256.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import cast

import pyotp
from sqlalchemy import ColumnElement, CursorResult, delete, func, select, update

from core.access import SYSTEM, Actor, Permission, Role
from core.accounts import attempts, passwords, service
from core.accounts.models import RecoveryCode, SecondFactor, User
from core.accounts.queries import FACTOR_ROLES, actor_of, has_factor
from core.audit import Action
from core.db import read_session
from core.errors import DeskError, Forbidden, Invalid, SignInRefused
from core.i18n import _
from core.work import Work, begin

STEP = 30  # seconds
BESIDE = 1  # steps before and after the present one, for clocks that differ
CODES = 10
ISSUER = "Mesa"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app needs: `uri` as a QR code, or `secret` typed in."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class FactorState:
    """How it stands with the actor's second factor. `since` None: it is off."""

    since: datetime | None
    codes_left: int
    required: bool


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step that a code belongs to, if it is good now."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    present, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    found = [step for step in range(present - BESIDE, present + BESIDE + 1)
             if hmac.compare_digest(totp.generate_otp(step), code)]
    return found[-1] if found else None


def is_on(user_id: int) -> bool:
    """Whether a person is asked for a code after the password."""
    with read_session() as session:
        return has_factor(session, user_id)


def state(work: Work) -> FactorState:
    """The actor's own second factor. Raises Forbidden for the desk itself."""
    user_id = _own(work)
    factor = work.session.get(SecondFactor, user_id)
    left = work.session.scalar(select(func.count()).select_from(RecoveryCode).where(_unused(user_id))) or 0
    return FactorState(factor.confirmed_at if factor else None, left, work.actor.role in required_roles(work))


def begin_enrolment(work: Work) -> Enrolment:
    """The secret for the actor's app; the same until it is confirmed. Raises DeskError when a factor is on already."""
    user_id = _own(work)
    work.session.get_one(User, user_id, with_for_update=True)  # two tabs at once are shown the same secret
    factor = work.session.get(SecondFactor, user_id)
    if factor is None:
        factor = SecondFactor(user_id=user_id, secret=pyotp.random_base32(), created_at=work.now)
        work.session.add(factor)
    elif factor.confirmed_at is not None:
        raise DeskError(_("Your second factor is on already. Remove it first to set up another app."))
    return Enrolment(factor.secret, pyotp.TOTP(factor.secret).provisioning_uri(name=work.actor.username, issuer_name=ISSUER))


def confirm(work: Work, code: str) -> list[str]:
    """Switch the second factor on by a first code of the app; the recovery codes, shown once. Raises Invalid."""
    user_id = _own(work)
    factor = work.session.get(SecondFactor, user_id, with_for_update=True)
    step = matching_step(factor.secret, "".join(code.split()), work.now) if factor else None
    if factor is None or factor.confirmed_at is not None or step is None:
        raise Invalid({"code": _("This code does not fit. Wait for the next one of the app, and check the clock of the phone.")})
    factor.confirmed_at, factor.last_step = work.now, step
    work.record(Action.FACTOR_ENROLLED, object_kind="user", object_id=user_id)
    return _new_codes(work, user_id)


def verify(user_id: int, code: str, address: str, now: datetime | None = None) -> bool:
    """Whether a code of the app or a recovery code lets a person in; each once. False under the lock, too."""
    with read_session() as session:
        name = session.scalar(select(User.username).where(User.id == user_id, User.active))
    if name is None or attempts.attempt(name, address) is None:
        return False
    with begin(SYSTEM, now) as work:
        taken = _take_code(work, user_id, code) or _take_recovery_code(work, user_id, code)
    if taken:
        attempts.forgive(name)
    return taken


def remove_own(actor: Actor, code: str, address: str) -> None:
    """Switch the actor's second factor off. Raises SignInRefused (wrong code), DeskError (the role needs it)."""
    _prove(actor, code, address)
    with begin(actor) as work:
        user_id = _own(work)
        if actor.role in required_roles(work):
            raise DeskError(_("Your role needs a second factor. It was not removed."))
        _remove(work, user_id)
        work.record(Action.FACTOR_REMOVED, object_kind="user", object_id=user_id)


def renew_codes(actor: Actor, code: str, address: str) -> list[str]:
    """New recovery codes, shown once; the old ones are void. Raises SignInRefused (wrong code)."""
    _prove(actor, code, address)
    with begin(actor) as work:
        work.record(Action.RECOVERY_CODES, object_kind="user", object_id=_own(work))
        return _new_codes(work, _own(work))


def reset(work: Work, user_id: int) -> None:
    """Take a person's second factor away (a lost phone) and end the sessions. Needs MANAGE_USERS."""
    user = service.managed(work, user_id)
    if _remove(work, user.id):
        service.end_sessions(work, user.id)
        work.record(Action.FACTOR_RESET, object_kind="user", object_id=user.id)


def required_roles(work: Work) -> frozenset[Role]:
    """Roles whose people must have a second factor."""
    return frozenset(Role(code) for code in work.setting(FACTOR_ROLES, []))


def require_for(work: Work, roles: Iterable[Role]) -> None:
    """Say which roles need a second factor; their people set one up before anything else. Needs MANAGE_USERS."""
    work.require(Permission.MANAGE_USERS)
    before, after = sorted(required_roles(work)), sorted(set(roles))
    if Role.SYSTEM in after:
        raise Invalid({"roles": _("That role cannot be given to a person.")})
    if before == after:
        return
    work.set_setting(FACTOR_ROLES, [role.value for role in after])
    work.record(Action.FACTOR_REQUIRED, object_kind="setting", object_id=FACTOR_ROLES,
                before={"roles": [role.value for role in before]}, after={"roles": [role.value for role in after]})


def _own(work: Work) -> int:
    if work.actor.user_id is None:
        raise Forbidden()
    return work.actor.user_id


def _prove(actor: Actor, code: str, address: str) -> None:
    if actor.user_id is None or not verify(actor.user_id, code, address):
        raise SignInRefused(_("The code is not correct, or there were too many attempts. Nothing was changed."))


def _take_code(work: Work, user_id: int, code: str) -> bool:
    factor = work.session.get(SecondFactor, user_id)
    step = matching_step(factor.secret, "".join(code.split()), work.now) if factor and factor.confirmed_at else None
    if step is None:
        return False
    taken = work.session.execute(update(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
                                 .values(last_step=step).execution_options(synchronize_session=False))
    return cast("CursorResult[None]", taken).rowcount == 1


def _take_recovery_code(work: Work, user_id: int, code: str) -> bool:
    taken = work.session.execute(update(RecoveryCode).where(RecoveryCode.code_hash == _digest(code), _unused(user_id))
                                 .values(used_at=work.now).execution_options(synchronize_session=False))
    if cast("CursorResult[None]", taken).rowcount != 1:
        return False
    own = Work(work.session, actor_of(work.session, work.session.get_one(User, user_id)), work.now)
    left = work.session.scalar(select(func.count()).select_from(RecoveryCode).where(_unused(user_id))) or 0
    own.record(Action.RECOVERY_CODE_USED, object_kind="user", object_id=user_id, after={"left": left})
    return True


def _unused(user_id: int) -> ColumnElement[bool]:
    return (RecoveryCode.user_id == user_id) & RecoveryCode.used_at.is_(None)


def _digest(code: str) -> str:
    return sha256(re.sub(r"[^a-z0-9]", "", code.lower()[:100]).encode()).hexdigest()


def _new_codes(work: Work, user_id: int) -> list[str]:
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [passwords.temporary() for _number in range(CODES)]
    work.session.add_all(RecoveryCode(code_hash=_digest(code), user_id=user_id) for code in codes)
    return codes


def _remove(work: Work, user_id: int) -> bool:
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = work.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    return bool(cast("CursorResult[None]", gone).rowcount)
