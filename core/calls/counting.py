"""Legs of the exchange -> calls, and the figures over calls. Pure: no database, no clock.

A leg is one path between two parties, not a call (a ring group writes one per telephone). `form_calls` joins the
legs of one call and says why it counts as it does; the rules are those of the Asterisk CDR specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256


class Outcome(StrEnum):
    """How a call ended. Everything but `answered` is missed; the order is the order in the database."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SHORT_ABANDONED = "short_abandoned"
    TIMEOUT = "timeout"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    OUT_OF_HOURS = "out_of_hours"
    IVR_ONLY = "ivr_only"


class Direction(StrEnum):
    """Who called whom: only inbound calls are in the figures of the desk."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Reason(StrEnum):
    """Why a formed call has its outcome: shown beside the raw rows."""

    AGENT_ANSWERED = "agent_answered"
    LOCAL_CHANNEL_ANSWERED = "local_channel_answered"
    OUT_OF_HOURS_ROUTE = "out_of_hours_route"
    VOICEMAIL_ANSWERED = "voicemail_answered"
    NO_TELEPHONE_RANG = "no_telephone_rang"
    ALL_BUSY = "all_busy"
    ALL_FAILED = "all_failed"
    RANG_TO_THE_END = "rang_to_the_end"
    CALLER_HUNG_UP = "caller_hung_up"
    CALLER_HUNG_UP_EARLY = "caller_hung_up_early"


@dataclass(frozen=True, slots=True)
class Leg:
    """One row of the exchange. Instants are aware UTC; `answer` is None when it was never answered.

    `row` is the physical line of the file, `duration` and `billsec` are seconds, `raw` is the line as it came.
    """

    row: int
    src: str
    dst: str
    dcontext: str
    channel: str
    dstchannel: str
    lastapp: str
    lastdata: str
    start: datetime
    answer: datetime | None
    end: datetime
    duration: int
    billsec: int
    disposition: str
    uniqueid: str
    linkedid: str
    clid: str
    raw: str
    did: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class CountingRules:
    """What a desk may adjust. Patterns are regular expressions, searched without regard to case.

    `trunk_contexts` are looked for in the first leg's context, `trunk_channels` in its channels,
    `agent_channels` in `dstchannel`; `service_s`, `short_s` and `window_s` are seconds.
    """

    trunk_contexts: tuple[str, ...] = ("trunk", "pstn", "from-did", "from-sip-external", "incoming", "inbound", "entrante")
    trunk_channels: tuple[str, ...] = ("trunk", "troncal", "gateway", "pstn")
    internal_contexts: tuple[str, ...] = ("internal", "interno", "^ext-local")
    out_of_hours: tuple[str, ...] = ("fuera.?de.?horario", "after.?hours", "out.?of.?hours", "night.?mode", "cerrado")
    agent_channels: tuple[str, ...] = (".",)
    service_s: int = 20
    short_s: int = 5
    window_s: int = 3


@dataclass(frozen=True, slots=True)
class FormedCall:
    """One call formed from its legs. `source_key` is the same each time the same call is read.

    `wait_s` is first agent answer - first start (missed: until the last telephone stopped ringing; None when none
    rang), `talk_s` the union of the agents' intervals, `legs` the row numbers it was formed from.
    """

    source_key: str
    direction: Direction
    outcome: Outcome
    started_at: datetime
    ended_at: datetime
    wait_s: int | None
    talk_s: int
    hold_s: int
    caller: str
    dialled: str
    agents: tuple[str, ...]
    queue: str
    legs: tuple[int, ...]
    estimated: bool
    reason: Reason
    direction_known: bool = True
    talk_known: bool = True


_CHANNEL = re.compile(r"^(?P<tech>\w+)/(?P<name>.+?)(?:-[0-9a-fA-F]{1,10})?(?:;[12])?$")
_NAMED_BY_EXTENSION = {"SIP", "PJSIP", "IAX2", "SCCP", "AGENT", "LOCAL"}
_NOT_A_PERSON = re.compile(r"^(voicemail|minivm|vmauthenticate|congestion|busy)", re.IGNORECASE)
_VOICEMAIL = re.compile(r"^(voicemail$|minivm)", re.IGNORECASE)
_RINGING_APPS = {"dial", "queue"}
_EXTENSION = re.compile(r"^\d{1,6}$")


@lru_cache(maxsize=256)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or r"(?!)", re.IGNORECASE)


def _matches(patterns: tuple[str, ...], text: str) -> bool:
    return _pattern(patterns).search(text) is not None


@lru_cache(maxsize=8192)
def agent_name(channel: str) -> str:
    """`SIP/301-0000001d` -> `301`; `Local/2001@from-queue-0a;1` -> `2001`; `DAHDI/1-1` -> `DAHDI/1`."""
    found = _CHANNEL.match(channel)
    if found is None:
        return channel
    tech, name = found["tech"], found["name"]
    return name.split("@")[0].split("/")[0] if tech.upper() in _NAMED_BY_EXTENSION else f"{tech}/{name}"


def form_calls(legs: Iterable[Leg], rules: CountingRules | None = None) -> list[FormedCall]:
    """Join legs into calls, in the order in which the calls came in.

    Grouped by linkedid, else uniqueid; legs with neither are joined by channel (or caller) within `window_s`
    seconds, and such a call is marked estimated.
    """
    chosen = rules or CountingRules()
    return formed(grouped(legs, chosen), chosen)


Group = tuple[str, list[Leg], bool]  # source key, legs of one call, whether they were put together by an estimate


def grouped(legs: Iterable[Leg], rules: CountingRules) -> list[Group]:
    """The legs of each call; see `form_calls`."""
    named: dict[str, list[Leg]] = {}
    loose: list[Leg] = []
    for leg in legs:
        key = leg.linkedid or leg.uniqueid
        if key:
            named.setdefault(key, []).append(leg)
        else:
            loose.append(leg)
    groups = [(call_key(name), group, False) for name, group in named.items()]
    return groups + [(_estimated_key(group), group, True) for group in _windows(loose, rules.window_s)]


def formed(groups: Iterable[Group], rules: CountingRules) -> list[FormedCall]:
    """The calls of groups, in the order in which they came in."""
    calls = [form_call(key, group, rules, estimated=estimated) for key, group, estimated in groups]
    return sorted(calls, key=lambda call: (call.started_at, call.legs))


def call_key(name: str) -> str:
    """Source key of a call by its linkedid, uniqueid or queue call id: the same for every log of one exchange."""
    return f"ast:{name}" if len(name) <= 70 else f"ast:{sha256(name.encode()).hexdigest()}"


def _estimated_key(group: Sequence[Leg]) -> str:
    first = group[0]
    text = "\x1f".join((first.start.isoformat(), first.src, first.dst, first.channel))
    return f"ast:est:{sha256(text.encode()).hexdigest()[:40]}"


def _windows(legs: Iterable[Leg], window_s: int) -> list[list[Leg]]:
    groups: list[list[Leg]] = []
    current: dict[str, tuple[list[Leg], datetime]] = {}
    for leg in sorted(legs, key=lambda each: (each.start, each.row)):
        party = leg.channel or leg.src
        open_group = current.get(party)
        if open_group and (leg.start - open_group[1]).total_seconds() <= window_s:
            open_group[0].append(leg)
            current[party] = (open_group[0], max(open_group[1], leg.end))
        else:
            groups.append([leg])
            current[party] = (groups[-1], leg.end)
    return groups


def form_call(key: str, group: Sequence[Leg], rules: CountingRules, *, estimated: bool) -> FormedCall:
    """The call of these legs, which are all of one call."""
    first = min(group, key=lambda leg: (leg.uniqueid != leg.linkedid and leg.linkedid != "",
                                        _is_local(leg.channel), leg.start, leg.sequence, leg.row))
    started = min(leg.start for leg in group)
    persons, by_local = _person_legs(group, rules)
    rang = [leg for leg in group if leg.dstchannel or leg.lastapp.lower() in _RINGING_APPS]
    direction, known = _direction(first, rules)
    wait: int | None
    if persons:
        outcome = Outcome.ANSWERED
        reason = Reason.LOCAL_CHANNEL_ANSWERED if by_local else Reason.AGENT_ANSWERED
        wait = _seconds(started, min(_answered_at(leg) for leg in persons))
    else:
        wait = _seconds(started, max(leg.end for leg in rang)) if rang else None
        outcome, reason = _missed(group, rang, wait, rules)
    return FormedCall(
        source_key=key, direction=direction, outcome=outcome, started_at=started,
        ended_at=max(leg.end for leg in group), wait_s=wait, talk_s=_union(persons), hold_s=0,
        caller=first.src or _number_of(first.clid), dialled=first.did or first.dst,
        agents=_agents(persons, first, direction), queue=_queue(group), legs=tuple(sorted(leg.row for leg in group)),
        estimated=estimated, reason=reason, direction_known=known)


def _person_legs(group: Sequence[Leg], rules: CountingRules) -> tuple[list[Leg], bool]:
    """Legs on which a person answered; the flag says that only a Local channel tells so.

    An empty `dstchannel` is the exchange itself. A Local channel is a hop: its other half (`;2`) tells who answered,
    and only when that half is not in the group the hop itself counts.
    """
    answered = [leg for leg in group if leg.disposition == "ANSWERED" and leg.dstchannel
                and not _NOT_A_PERSON.match(leg.lastapp) and _matches(rules.agent_channels, leg.dstchannel)]
    telephones = [leg for leg in answered if not _is_local(leg.dstchannel)]
    if telephones:
        return telephones, False
    halves = {leg.channel for leg in group}
    hops = [leg for leg in answered if leg.dstchannel.removesuffix(";1") + ";2" not in halves]
    return hops, bool(hops)


def _missed(group: Sequence[Leg], rang: Sequence[Leg], wait: int | None, rules: CountingRules) -> tuple[Outcome, Reason]:
    if any(_matches(rules.out_of_hours, f"{leg.dcontext} {leg.dst}") for leg in group):
        return Outcome.OUT_OF_HOURS, Reason.OUT_OF_HOURS_ROUTE
    if any(_VOICEMAIL.match(leg.lastapp) and leg.disposition == "ANSWERED" for leg in group):
        return Outcome.VOICEMAIL, Reason.VOICEMAIL_ANSWERED
    if not rang or wait is None:
        return Outcome.IVR_ONLY, Reason.NO_TELEPHONE_RANG
    dispositions = {leg.disposition for leg in rang}
    if dispositions <= {"FAILED", "CONGESTION"}:
        return Outcome.BUSY, Reason.ALL_FAILED
    if dispositions <= {"BUSY", "FAILED", "CONGESTION"}:
        return Outcome.BUSY, Reason.ALL_BUSY
    if _rang_to_the_end(group, rang):
        return Outcome.TIMEOUT, Reason.RANG_TO_THE_END
    if wait <= rules.short_s:
        return Outcome.SHORT_ABANDONED, Reason.CALLER_HUNG_UP_EARLY
    return Outcome.ABANDONED, Reason.CALLER_HUNG_UP


def _rang_to_the_end(group: Sequence[Leg], rang: Sequence[Leg]) -> bool:
    """Whether the exchange gave up rather than the caller: the dial's own limit passed, or the exchange went on."""
    last = max(leg.end for leg in rang)
    for leg in rang:
        limit = _ring_limit(leg)
        if leg.end == last and limit is not None and (leg.end - leg.start).total_seconds() >= limit:
            return True
    return any(leg.disposition == "ANSWERED" and leg.start >= last for leg in group if leg not in rang)


def _ring_limit(leg: Leg) -> int | None:
    """Seconds that Dial(who,timeout) or Queue(name,options,url,announce,timeout) would ring; None when unlimited."""
    place = {"dial": 1, "queue": 4}.get(leg.lastapp.lower())
    parts = re.split(r"[,|]", leg.lastdata)
    if place is None or len(parts) <= place:
        return None
    text = parts[place].strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 86400 else None


def _direction(first: Leg, rules: CountingRules) -> tuple[Direction, bool]:
    """Direction from the first leg; the flag is False when nothing told and inbound was assumed."""
    if _matches(rules.trunk_contexts, first.dcontext) or first.did:
        return Direction.INBOUND, True
    if _matches(rules.internal_contexts, first.dcontext):
        if _matches(rules.trunk_channels, first.dstchannel) or _is_outside(first.dst):
            return Direction.OUTBOUND, True
        return (Direction.INBOUND if _is_outside(first.src) else Direction.INTERNAL), True
    if _matches(rules.trunk_channels, first.channel):
        return Direction.INBOUND, True
    if _EXTENSION.match(first.src) and _matches(rules.trunk_channels, first.dstchannel):
        return Direction.OUTBOUND, True
    return Direction.INBOUND, False


def _agents(persons: Sequence[Leg], first: Leg, direction: Direction) -> tuple[str, ...]:
    """Who spoke, each once, in the order of answering; the one who dialled when the call went out."""
    if direction is Direction.OUTBOUND:
        return (agent_name(first.channel),) if first.channel else ()
    ordered = sorted(persons, key=lambda leg: (_answered_at(leg), leg.row))
    return tuple(dict.fromkeys(agent_name(leg.dstchannel) for leg in ordered))


def _queue(group: Sequence[Leg]) -> str:
    for leg in group:
        if leg.lastapp.lower() == "queue":
            return re.split(r"[,|]", leg.lastdata)[0] or leg.dst
    return ""


def _union(persons: Sequence[Leg]) -> int:
    """Seconds covered by at least one agent's interval."""
    total, until = 0, None
    for begin, end in sorted((_answered_at(leg), leg.end) for leg in persons):
        if until is None or begin > until:
            total += _seconds(begin, end)
            until = end
        elif end > until:
            total += _seconds(until, end)
            until = end
    return total


def _answered_at(leg: Leg) -> datetime:
    return leg.answer or leg.start


def _seconds(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds())


def _is_outside(number: str) -> bool:
    """Whether a number is too long for an extension."""
    return len(re.sub(r"\D", "", number)) >= 7


def _is_local(channel: str) -> bool:
    return channel[:6].lower() == "local/"


def _number_of(clid: str) -> str:
    found = re.search(r"<([^>]*)>", clid)
    return found[1] if found else clid


def service_level(within: int, answered: int, abandoned: int) -> float | None:
    """Answered within T / (answered + abandoned), 0 to 1. `abandoned` is without the short ones; None without calls."""
    return _ratio(within, answered + abandoned)


def asterisk_sl(within: int, answered: int) -> float | None:
    """Asterisk's own "SL": answered within T / answered."""
    return _ratio(within, answered)


def asterisk_sl2(within: int, abandoned_within: int, answered: int, abandoned: int) -> float | None:
    """Asterisk's "SL2": (answered within T + abandoned within T) / (answered + abandoned), short ones out of both."""
    return _ratio(within + abandoned_within, answered + abandoned)


def abandonment(abandoned: int, answered: int) -> float | None:
    """Abandoned / (answered + abandoned), 0 to 1, short ones out of both; None without calls."""
    return _ratio(abandoned, answered + abandoned)


def asa(wait_s: float, answered: int) -> float | None:
    """Average speed of answer in seconds: waits of the answered calls / answered calls that have a wait."""
    return _ratio(wait_s, answered)


def aht(talk_s: float, hold_s: float, documentation_s: float, answered: int) -> float | None:
    """Average handling time in seconds: (talk + hold + documentation) / answered calls; None without any."""
    return _ratio(talk_s + hold_s + documentation_s, answered)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
