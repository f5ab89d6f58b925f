"""Mail: what leaves, what came in, the templates, and the settings of the mail servers."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from core.i18n import _, n_
from core.ui import addressed, mail_outbox, mail_review, mail_settings, mail_templates, session

PARTS = {"outbox": n_("Outbox"), "received": n_("Received mail"), "templates": n_("Templates"), "settings": n_("Settings")}
DRAWN = {"outbox": mail_outbox.draw, "received": mail_review.draw, "templates": mail_templates.draw,
         "settings": mail_settings.draw}

session.guard(Permission.MANAGE_CATALOGUES)
st.title(_("Mail"), anchor=False)
part = addressed.chosen("part", list(PARTS), st.radio, _("Part"), "mail", "state", "page",
                        format_func=lambda code: _(PARTS[code]),
                        horizontal=True, label_visibility="collapsed")
DRAWN[part]()
