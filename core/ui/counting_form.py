"""How calls are counted, as a form: patterns of the exchange and thresholds; and an import read in another zone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from core import work
from core.calls import rules
from core.calls.counting import CountingRules
from core.errors import Invalid
from core.exchange.imports import folder, forming
from core.exchange.imports.batches import PastImport
from core.i18n import _, formats, n_, ngettext
from core.ui import background, forms, session
from core.ui.plain import told

FORMING = "counting/forming"
_FORM = "counting"
_PATTERNS = {
    "trunk_contexts": (n_("Contexts of incoming lines"), n_("Looked for in the context of the first leg: such a call came in.")),
    "trunk_channels": (n_("Channels of the lines"), n_("Looked for in the channels of the first leg.")),
    "internal_contexts": (n_("Contexts of the own telephones"), n_("Such a call goes out, or from telephone to telephone.")),
    "agent_channels": (n_("Telephones of persons"), n_("Only these answer a call; the rest is the exchange itself.")),
    "out_of_hours": (n_("Contexts out of hours"), n_("A call that ends there was missed out of hours.")),
}
_SECONDS = {
    "service_s": (n_("Goal of the service level (s)"), n_("Answered within these seconds counts as in time.")),
    "short_s": (n_("Short hang-up (s)"), n_("Who hangs up within these seconds is left out of every ratio.")),
    "window_s": (n_("Legs without identifier (s)"), n_("Legs of one channel that follow within these seconds are one call.")),
}


def rules_form() -> None:
    """Patterns and thresholds; saving forms all calls anew from their raw rows."""
    _finished()
    st.text(_("Raw rows of the exchange are kept. When you change a rule here, the calls are formed anew from them."))
    with session.reading() as opened:
        known = asdict(rules.counting_rules(opened))
    with st.form("counting/form", border=False):
        wanted: dict[str, Any] = {}
        grid = st.columns(3)
        for column, (name, (label, meaning)) in zip(grid, _SECONDS.items(), strict=True):
            low, high = rules.SECONDS[name]
            wanted[name] = column.number_input(_(label), low, high, known[name], help=_(meaning), key=f"{_FORM}.{name}")
        for name, (label, meaning) in _PATTERNS.items():
            text = st.text_area(_(label), "\n".join(known[name]), help=_(meaning), key=f"{_FORM}.{name}", height=110)
            forms.field_error(_FORM, name)
            wanted[name] = tuple(line.strip() for line in text.splitlines() if line.strip())
        st.caption(_("One regular expression a line, without regard to capitals."))
        forms.refusal_shown(_FORM)
        pressed = st.form_submit_button(_("Save and form the calls anew"), type="primary")
    if pressed:
        try:
            rules.check(CountingRules(**wanted))
        except Invalid as error:
            forms.refused(_FORM, error)
            st.rerun()
        _save(CountingRules(**wanted))


def _save(wanted: CountingRules) -> None:
    actor = session.actor()

    def run(progress: background.Progress) -> int:
        with work.begin(actor) as opened:
            return forming.form_all_anew(opened, progress=progress) if rules.change_rules(opened, wanted) else -1

    forms.accepted(_FORM)
    background.start(FORMING, run)
    st.rerun()


def zone_form(chosen: PastImport) -> None:
    """The zone of one import, when its times were read in a wrong one."""
    if not chosen.zone:
        return
    zone = st.selectbox(_("Time zone of the file"), sorted(available_timezones()), key=f"counting/zone/{chosen.id}",
                        index=sorted(available_timezones()).index(chosen.zone))
    if st.button(_("Read the times in this zone"), disabled=zone == chosen.zone):
        actor = session.actor()

        def run(progress: background.Progress) -> int:
            with work.begin(actor) as opened:
                return forming.read_in_zone(opened, chosen.id, zone, progress=progress)

        background.start(FORMING, run)
        st.rerun()


def _finished() -> None:
    with session.errors_shown():
        task = background.follow(FORMING)
        if task is not None and task.error is not None:
            raise task.error
        if task is not None:
            st.session_state["counting/done"] = task.result
    done = st.session_state.pop("counting/done", None)
    if done is not None:
        st.success(_("Nothing was changed.") if done < 0 else ngettext(
            "{count} call was formed anew.", "{count} calls were formed anew.", done).format(count=formats.number(done)))


def folder_shown() -> None:
    """What the watched folder brought; nothing where none is named."""
    with session.reading() as opened:
        files = folder.watched(opened)
    if not files:
        return
    st.subheader(_("Watched folder"), anchor=False)
    st.dataframe({
        _("File"): [told(each.name) for each in files],
        _("When"): [formats.moment(each.seen_at, session.zone()) for each in files],
        _("New"): [each.new for each in files],
        _("Bytes read"): [formats.number(each.done) for each in files],
        _("Not taken because"): [each.error for each in files],
    }, hide_index=True)
