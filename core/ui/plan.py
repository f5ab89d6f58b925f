"""Before several tickets are changed together: what would become of each, and which cannot be changed and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import DeskError
from core.exchange.headings import heading
from core.i18n import _, labels, ngettext
from core.tickets import bulk
from core.tickets.bulk import Planned, Preview
from core.ui import session
from core.ui.plain import escaped, told

_KEPT = "grid/plan"
_HEADINGS = {"status": "status", "owner": "owner_name", "priority": "priority", "category": "category_path"}


def shown(versions: dict[int, int], wanted: dict[str, Any]) -> None:
    """The plan of the present choice, found anew when the choice or the selection changed; nothing before a choice."""
    with st.container():
        if not wanted or not versions:
            return
        try:
            plan = _plan(versions, wanted)
        except DeskError as refusal:
            st.error(told(str(refusal)), icon=":material/error:")
            return
        changed = [each for each in plan.planned if each.changes]
        st.markdown(ngettext("**{count} ticket will change**", "**{count} tickets will change**", len(changed)).format(
            count=len(changed)))
        with st.container(height=220 if len(plan.planned) > 5 else "content", gap="xsmall"):
            st.markdown("\n".join(_line(each) for each in plan.planned) or "—")
        if plan.refused:
            lines = "\n".join(f"- {number}: {escaped(reason)}" for number, reason in plan.refused)
            with st.container(height=180 if len(plan.refused) > 2 else "content"):
                st.warning(_("Cannot be changed:") + "\n\n" + lines, icon=":material/warning:")


def _plan(versions: dict[int, int], wanted: dict[str, Any]) -> Preview:
    asked = (tuple(sorted(versions.items())), tuple(sorted(wanted.items())))
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != asked:
        with session.begin() as work:
            plan = bulk.preview_many(work, versions, **wanted)
        st.session_state[_KEPT] = kept = (asked, plan)
    found: Preview = kept[1]
    return found


def _line(planned: Planned) -> str:
    moves = [_("{field} {before} → {after}").format(field=heading(_HEADINGS[name]), before=_word(name, before),
                                                    after=_word(name, after)) for name, before, after in planned.changes]
    return f"- {planned.number}: {escaped(', '.join(moves) or _('stays as it is'))}"


def _word(name: str, value: str) -> str:
    if name in ("status", "priority"):
        return labels.status(value) if name == "status" else labels.priority(value)
    return value or _("unassigned")
