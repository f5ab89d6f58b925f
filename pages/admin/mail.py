"""Mail: the outbox, the templates, and the settings of the mail server."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.i18n import _, n_
from core.ui import addressed, mail_outbox, mail_settings, mail_templates, session

PARTS = {"outbox": n_("Outbox"), "templates": n_("Templates"), "settings": n_("Settings")}
DRAWN = {"outbox": mail_outbox.draw, "templates": mail_templates.draw, "settings": mail_settings.draw}

session.guard(Permission.MANAGE_CATALOGUES)
st.title(_("Mail"), anchor=False)
part = addressed.chosen("part", list(PARTS), st.radio, _("Part"), "mail", "page", format_func=lambda code: _(PARTS[code]),
                        horizontal=True, label_visibility="collapsed")
DRAWN[part]()
