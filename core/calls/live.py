"""Events of the telephone exchange -> what is known of a call, and the record it ends as. Pure: no database, no clock.

What is known only grows: each event adds to sets and keeps the earliest of its kind, so that any order and any repetition
of the same events end in the same facts, and the record is read off the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.calls.counting import CountingRules, Direction, Outcome


class EventKind(StrEnum):
    """What the exchange tells, in the words of its requests."""

    NEW_CALL = "newCall"
    ANSWER = "answer"
    HANGUP = "hangup"


class LiveState(StrEnum):
    """Where a call is now; the order is the order in the database. `cut`: it never ended as far as was told."""

    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"
    CUT = "cut"


class Cause(StrEnum):
    """Why a call ended. Anything else that an exchange says counts as `normalClearing`."""

    NORMAL = "normalClearing"
    CANCEL = "cancel"
    BUSY = "busy"
    CONGESTION = "congestion"
    NOT_FOUND = "notFound"
    NO_ANSWER = "noAnswer"
    FORWARDED = "forwarded"
    VOICEMAIL = "voicemail"
    OUT_OF_HOURS = "outOfHours"


_MISSED = {Cause.BUSY: Outcome.BUSY, Cause.CONGESTION: Outcome.BUSY, Cause.NOT_FOUND: Outcome.BUSY,
           Cause.NO_ANSWER: Outcome.TIMEOUT, Cause.FORWARDED: Outcome.TIMEOUT, Cause.VOICEMAIL: Outcome.VOICEMAIL,
           Cause.OUT_OF_HOURS: Outcome.OUT_OF_HOURS}
ANYBODY = ""  # an answer or a hangup that names nobody


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One request of the exchange. `at` is in epoch seconds; `users` are names or extensions as the exchange writes them."""

    kind: EventKind
    call_id: str
    at: int
    caller: str = ""
    dialled: str = ""
    direction: Direction | None = None
    users: tuple[str, ...] = ()
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of one call. `said`: field -> (rank of the event, instant, value) of the one that is believed.

    `answers` and `ends`: who (ANYBODY when nobody was named) -> when first; an end also has its cause.
    """

    began_at: int | None = None
    said: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)
    rang: frozenset[str] = frozenset()
    answers: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What the exchange says of `caller`, `dialled` or `direction`; '' when nothing."""
        return self.said[name][2] if name in self.said else ""

    @property
    def answerers(self) -> tuple[str, ...]:
        """Who answered and was named, the first one first."""
        return tuple(sorted((who for who in self.answers if who), key=lambda who: (self.answers[who], who)))

    @property
    def started_at(self) -> int:
        """The earliest instant that is known (epoch seconds)."""
        known = [*self.answers.values(), *(at for at, _cause in self.ends.values())]
        return min(known if self.began_at is None else [self.began_at, *known])

    def to_json(self) -> dict[str, Any]:
        """For the database."""
        return {"began_at": self.began_at, "said": {name: list(each) for name, each in sorted(self.said.items())},
                "rang": sorted(self.rang), "answers": dict(sorted(self.answers.items())),
                "ends": {who: list(each) for who, each in sorted(self.ends.items())}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> CallFacts:
        """What `to_json` gave."""
        return cls(kept["began_at"], {name: (rank, at, value) for name, (rank, at, value) in kept["said"].items()},
                   frozenset(kept["rang"]), dict(kept["answers"]),
                   {who: (at, cause) for who, (at, cause) in kept["ends"].items()})


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """A call as it is kept. `wait_s` None: its beginning was not told. `talk_s` None: its end was not, or nobody answered.

    `estimated`: the direction was not told, and inbound is assumed.
    """

    direction: Direction
    outcome: Outcome
    started_at: int
    wait_s: int | None
    talk_s: int | None
    caller: str
    dialled: str
    answerers: tuple[str, ...]
    estimated: bool


def merged(facts: CallFacts, event: CallEvent) -> CallFacts:
    """What is known after one more event."""
    whom = event.users or (ANYBODY,)
    said = dict(facts.said)
    rank = list(EventKind).index(event.kind)
    for name, value in (("caller", event.caller), ("dialled", event.dialled), ("direction", event.direction or "")):
        if value:
            offered = (rank, event.at, str(value))
            said[name] = min(said.get(name, offered), offered)
    known = replace(facts, said=said)
    if event.kind is EventKind.NEW_CALL:
        began = event.at if facts.began_at is None else min(facts.began_at, event.at)
        return replace(known, began_at=began, rang=facts.rang | set(event.users))
    if event.kind is EventKind.ANSWER:
        answers = {who: min(facts.answers.get(who, event.at), event.at) for who in whom}
        return replace(known, answers={**facts.answers, **answers})
    end = (event.at, (event.cause or Cause.NORMAL).value)
    return replace(known, ends={**facts.ends, **{who: min(facts.ends.get(who, end), end) for who in whom}})


def state(facts: CallFacts) -> LiveState:
    """Where the call is."""
    if _end(facts) is not None:
        return LiveState.ENDED
    return LiveState.TALKING if facts.answers else LiveState.RINGING


def is_known(facts: CallFacts) -> bool:
    """Whether there is a call to speak of: an end alone tells neither when it began nor whether anybody answered."""
    return facts.began_at is not None or bool(facts.answers)


def record(facts: CallFacts, rules: CountingRules | None = None) -> LiveRecord | None:
    """The record of a call that ended; None while it goes on, or when its end is all that was told."""
    end = _end(facts)
    if end is None or not is_known(facts):
        return None
    ended, cause = end
    answered = min(*facts.answers.values(), ended) if facts.answers else None
    wait = None if facts.began_at is None else (ended if answered is None else answered) - facts.started_at
    return _record(facts, _outcome(cause, answered, wait, rules or CountingRules()), wait,
                   None if answered is None else ended - answered)


def cut_record(facts: CallFacts) -> LiveRecord | None:
    """The record of a call whose end was never told: answered without a talk time; None when nobody had answered."""
    if not facts.answers:
        return None
    wait = None if facts.began_at is None else min(facts.answers.values()) - facts.started_at
    return _record(facts, Outcome.ANSWERED, wait, None)


def _record(facts: CallFacts, outcome: Outcome, wait: int | None, talk: int | None) -> LiveRecord:
    told = facts.text("direction")
    return LiveRecord(Direction(told) if told else Direction.INBOUND, outcome, facts.started_at, wait, talk,
                      facts.text("caller"), facts.text("dialled"), facts.answerers, estimated=not told)


def _end(facts: CallFacts) -> tuple[int, str] | None:
    """When and why the call ended: by a hangup that names nobody, or when all who spoke (else all who rang) have hung up."""
    if ANYBODY in facts.ends:
        return facts.ends[ANYBODY]
    parties = set(facts.answerers) or set(facts.rang) or set(facts.ends)
    if not parties or not parties <= set(facts.ends):
        return None
    return max(facts.ends[who] for who in parties)


def _outcome(cause: str, answered: int | None, wait: int | None, rules: CountingRules) -> Outcome:
    if answered is not None:
        return Outcome.ANSWERED
    if (told := _MISSED.get(Cause(cause))) is not None:
        return told
    return Outcome.SHORT_ABANDONED if wait is not None and wait <= rules.short_s else Outcome.ABANDONED
