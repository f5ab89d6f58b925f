"""Words for codes: every code of the house has its word here, in the language of the person served."""

from __future__ import annotations

from core.i18n import _, n_

STATUS = {"open": n_("Open"), "in_progress": n_("In progress"), "pending": n_("Pending"), "resolved": n_("Attended"),
          "closed": n_("Closed"), "cancelled": n_("Cancelled")}
PRIORITY = {"low": n_("Low"), "medium": n_("Medium"), "high": n_("High"), "critical": n_("Critical")}
TICKET_TYPE = {"inquiry": n_("Inquiry"), "incident": n_("Service incident"), "quote": n_("Quote request")}
TICKET_TYPE_HELP = {
    "inquiry": n_("Information, reports, or changes and additional requests at no extra cost in the present service."),
    "incident": n_("An unplanned interruption of the service, or a loss of its usual quality."),
    "quote": n_("Any new request beyond what was contracted: equipment, configuration, more licences or more bandwidth."),
}
CHANNEL = {"phone": n_("Telephone"), "portal": n_("Portal"), "mail": n_("E-mail"), "import": n_("Import")}
OUTCOME = {"answered": n_("Answered"), "abandoned": n_("Abandoned"), "short_abandoned": n_("Short abandoned"),
           "timeout": n_("Waited too long"), "voicemail": n_("Voicemail"), "busy": n_("Busy"),
           "out_of_hours": n_("Out of hours"), "ivr_only": n_("Hung up in the menu")}
CALL_RESULT = {"new_ticket": n_("New ticket"), "existing_ticket": n_("Existing ticket"), "no_ticket": n_("No ticket needed"),
               "wrong_number": n_("Wrong number"), "missed": n_("Missed")}
RECOVERY = {"open": n_("Not reached yet"), "recovered": n_("Recovered"), "wrong_number": n_("Wrong number"),
            "short": n_("Hung up at once")}
RECOVERY_WAY = {"got_through": n_("The caller got through"), "called_back": n_("Called back"),
                "marked": n_("Marked as called back"), "ticket": n_("Documented with a ticket")}
DIRECTION = {"inbound": n_("Inbound"), "outbound": n_("Outbound"), "internal": n_("Internal")}
LIVE_STATE = {"ringing": n_("Ringing"), "talking": n_("Talking"), "ended": n_("Ended"), "cut": n_("Without an end")}
ROLE = {"manager": n_("Manager"), "operator": n_("Operator"), "agent": n_("Owner"), "analyst": n_("Analyst"),
        "customer": n_("Customer"), "admin": n_("Administrator"), "system": n_("System")}
PERIOD = {"today": n_("Today"), "yesterday": n_("Yesterday"), "this_week": n_("This week"), "last_week": n_("Last week"),
          "this_month": n_("This month"), "last_month": n_("Last month")}
PROMISED = {"first_response": n_("First response"), "resolution": n_("Resolution")}
SHOW = {"answered": n_("Answered in writing"), "voice": n_("Filed by telephone"), "resolved": n_("Resolved"),
        "reopened": n_("Reopened"), "once": n_("Resolved at the first contact")}
VISIBILITY = {"public": n_("Public"), "internal": n_("Internal"), "draft": n_("Draft")}
NOTICE = {"created": n_("A ticket is created"), "answered": n_("A ticket is answered"), "resolved": n_("A ticket is solved"),
          "closed": n_("A ticket is closed or reopened"), "assigned": n_("A ticket is assigned to me"),
          "survey": n_("I am asked how satisfied I am")}
MAIL_KIND = {
    "created": n_("Ticket created (to the requester)"),
    "answered": n_("An agent answered (to the requester)"),
    "resolved": n_("Ticket attended"),
    "closed": n_("Ticket closed"),
    "reopened": n_("Ticket reopened"),
    "reminder": n_("Reminder to the requester"),
    "customer_answered": n_("The requester answered (to the owner)"),
    "assigned": n_("Ticket assigned (to the owner)"),
    "sla_warned": n_("Target near"),
    "sla_breached": n_("Target missed"),
    "rule": n_("Notice of a rule"),
    "invitation": n_("Invitation"),
    "password": n_("New password"),
    "survey": n_("Survey"),
    "report": n_("Report by mail"),
    "report_paused": n_("Report paused"),
    "bounced": n_("Address that does not exist"),
    "inbound": n_("A mail that came in (to the owner)"),
    "undecided": n_("Received mails to decide (to administrators)"),
    "test": n_("Test"),
}
MAIL_STATE = {"queued": n_("Queued"), "retrying": n_("Retrying"), "held": n_("Held"), "sent": n_("Sent"),
              "undelivered": n_("Undelivered"), "discarded": n_("Discarded")}
INBOUND_STATE = {"received": n_("Just received"), "ticket": n_("New ticket"), "reply": n_("Reply on a ticket"),
                 "review": n_("To be reviewed"), "quarantined": n_("In quarantine"), "bounce": n_("Returned mail"),
                 "ignored": n_("No ticket"), "discarded": n_("Discarded")}
OCCASION = {"created": n_("A ticket is new"), "changed": n_("A ticket changes"), "hourly": n_("Every hour")}
RULE_FIELD = {"status": n_("Status"), "priority": n_("Priority"), "type": n_("Type"), "channel": n_("Channel"),
              "category": n_("Category"), "owner": n_("Owner"), "station": n_("Station"), "company": n_("Company"),
              "tag": n_("Tag"), "words": n_("Subject and description"), "event": n_("What happened"),
              "age": n_("Hours since it was created"), "idle": n_("Hours without a change"), "late": n_("Hours past its term")}
RULE_OP = {"is": n_("is"), "is_not": n_("is not"), "at_least": n_("at least")}
RULE_DOES = {"set_status": n_("Set the status"), "set_priority": n_("Set the priority"), "set_category": n_("Set the category"),
             "assign": n_("Assign it to"), "add_tag": n_("Add a tag"), "add_note": n_("Write an internal note"),
             "notify": n_("Notify people")}
HAPPENED = {"customer_reply": n_("The customer wrote"), "staff_reply": n_("The desk replied"), "note": n_("An internal note"),
            "status": n_("The status changed"), "reopened": n_("It was reopened"), "priority": n_("The priority changed"),
            "category": n_("The category changed"), "owner": n_("The owner changed"), "tags": n_("The tags changed"),
            "facts": n_("The details changed"), "rated": n_("The solution was rated"),
            "sla_warned": n_("A target is near"), "sla_breached": n_("A target was missed")}
JOB = {"expired_sessions": n_("Forget old sessions"), "expired_sign_in_tickets": n_("Forget expired sign-ins"),
       "old_account_links": n_("Forget old links for passwords"), "old_sign_in_attempts": n_("Forget old sign-in attempts"),
       "old_form_keys": n_("Forget old form keys"), "gone_presence": n_("Forget who left a ticket"),
       "cut_calls": n_("Close calls without an end"), "old_live_calls": n_("Forget calls that ended"),
       "orphan_files": n_("Delete files that belong to nothing"), "old_exports": n_("Delete old exports"),
       "watched_calls": n_("Read the watched call logs"), "rules": n_("Rules on new and changed tickets"),
       "hourly_rules": n_("Hourly rules"), "resolve_pending": n_("Resolve tickets left pending"),
       "remind_pending": n_("Remind of pending tickets"), "close_resolved": n_("Close attended tickets"),
       "archive_closed": n_("Archive closed tickets"), "mails": n_("Write mails about what happened"), "outbox": n_("Send mails"),
       "mailbox": n_("Read the mailbox"), "received_mails": n_("Take received mails"),
       "old_mails": n_("Forget old mails"), "surveys": n_("Ask how satisfied people are"),
       "reports": n_("Send reports by mail"),
       "sla_clocks": n_("Warn of promised times"), "undecided_mails": n_("Remind of received mails that wait"),
       "calendars": n_("Promised times after a change of the calendars"),
       "ticket_figures": n_("Service times of older tickets")}
PROMISED = {"first_response": n_("First response"), "resolution": n_("Resolution")}
ACTION = {
    "ticket_created": n_("created the ticket"), "ticket_imported": n_("imported the ticket"),
    "ticket_replied": n_("replied"), "ticket_noted": n_("wrote an internal note"), "ticket_files": n_("added files"),
    "ticket_status": n_("changed the status"), "ticket_reopened": n_("reopened the ticket"),
    "ticket_owner": n_("changed the owner"), "ticket_priority": n_("changed the priority"),
    "ticket_category": n_("changed the category"), "ticket_facts": n_("changed the details"),
    "ticket_file": n_("attached a file"), "ticket_rated": n_("rated the solution"), "ticket_tags": n_("changed the tags"),
    "ticket_linked": n_("linked another ticket"), "ticket_unlinked": n_("removed a link to another ticket"),
    "ticket_watched": n_("put somebody in copy"), "ticket_unwatched": n_("took somebody out of copy"),
    "ticket_merged": n_("merged this ticket into another one"), "ticket_absorbed": n_("merged another ticket into this one"),
    "ticket_unmerged": n_("undid the merge into another ticket"), "ticket_released": n_("gave a merged ticket back"),
    "ticket_withdrawn": n_("took a message back"), "ticket_undone": n_("took the last step back"),
    "ticket_split": n_("split a new ticket off"), "ticket_split_off": n_("split this ticket off another one"),
    "ticket_snoozed": n_("snoozed the ticket"), "ticket_woken": n_("ended the snooze"),
    "sla_warned": n_("warned: a promised time is almost over"), "sla_breached": n_("told: a promised time is over"),
    "sla_saved": n_("changed the promised times"), "calendar_saved": n_("saved a business calendar"),
    "calendar_deleted": n_("deleted a business calendar"),
    "ticket_archived": n_("archived the ticket"), "rule_stopped": n_("stopped a rule that came back again and again"),
    "rule_saved": n_("saved a rule"), "rule_deleted": n_("deleted a rule"), "rules_ordered": n_("changed the order of the rules"),
    "times_changed": n_("changed the times of the desk"),
    "time_booked": n_("noted time spent"), "time_removed": n_("removed noted time"),
    "canned_saved": n_("saved a canned reply"), "canned_deleted": n_("deleted a canned reply"),
    "call_linked": n_("linked a call"), "call_recorded": n_("recorded a call"),
    "call_unlinked": n_("took a call away from the ticket"), "call_documented": n_("documented a call"),
    "call_returned": n_("marked a missed call as called back"),
    "call_not_returned": n_("took back that a missed call was called back"),
    "calls_imported": n_("imported calls"), "calls_formed": n_("formed calls anew"),
    "counting_changed": n_("changed how calls are counted"), "station_saved": n_("saved a station"),
    "call_reformed": n_("formed a call anew from later events"), "call_cut": n_("closed a call that never ended"),
    "call_token_made": n_("made a token for the telephone exchange"),
    "call_token_revoked": n_("revoked a token of the telephone exchange"),
    "stations_imported": n_("imported stations"), "category_saved": n_("saved a category"),
    "company_saved": n_("saved a company"), "article_saved": n_("saved an article"),
    "articles_imported": n_("imported articles"), "tickets_imported": n_("imported tickets"),
    "view_saved": n_("saved a view"), "view_deleted": n_("deleted a view"), "exported": n_("exported data"),
    "users_imported": n_("imported users"), "user_created": n_("created a user"), "user_changed": n_("changed a user"),
    "user_role": n_("changed the role of a user"), "user_place": n_("changed the company or stations of a user"),
    "sessions_ended": n_("ended the sessions of a user"), "factor_enrolled": n_("set up the second factor"),
    "factor_removed": n_("removed the second factor"), "factor_reset": n_("reset the second factor of a user"),
    "factor_required": n_("changed who needs a second factor"), "recovery_codes": n_("made new recovery codes"),
    "recovery_code_used": n_("entered with a recovery code"),
    "user_deactivated": n_("deactivated a user"), "password_changed": n_("changed a password"),
    "password_reset": n_("reset a password"), "link_sent": n_("sent a link to choose a password"),
    "profile_changed": n_("changed their profile"), "signed_in": n_("signed in"), "signed_out": n_("signed out"),
    "database_created": n_("created the database"),
    "reminder_due": n_("reminded the customer"), "rule_applied": n_("applied a rule"),
    "survey_changed": n_("changed the survey"), "subscription_saved": n_("saved a subscription to a report"),
    "subscription_deleted": n_("ended a subscription to a report"), "report_sent": n_("got a report by mail"),
    "survey_due": n_("asked for an opinion"), "mail_resent": n_("sent a mail again"),
    "mail_refused": n_("chose what an address receives"),
    "mail_discarded": n_("discarded a mail"), "mail_template_saved": n_("changed a mail template"),
    "mail_template_reset": n_("reset a mail template"), "mail_settings": n_("changed the mail settings"),
    "mail_tested": n_("tested the mail server"), "address_cleared": n_("allowed mail to an address again"),
    "address_failed": n_("noted that an address takes no mail"), "inbound_released": n_("released a received mail"),
    "inbound_discarded": n_("discarded a received mail"),
}


def status(code: str) -> str:
    """Word of a ticket status."""
    return _(STATUS[code])


def priority(code: str) -> str:
    """Word of a priority."""
    return _(PRIORITY[code])


def ticket_type(code: str) -> str:
    """Word of a kind of ticket."""
    return _(TICKET_TYPE[code])


def ticket_type_help(code: str) -> str:
    """The guide's explanation of a kind of ticket."""
    return _(TICKET_TYPE_HELP[code])


def channel(code: str) -> str:
    """Word of the way a ticket came in."""
    return _(CHANNEL[code])


def outcome(code: str) -> str:
    """Word of a call's outcome."""
    return _(OUTCOME[code])


def call_result(code: str) -> str:
    """Word of what came of a call."""
    return _(CALL_RESULT[code])


def recovery(code: str) -> str:
    """Word of where a missed caller stands."""
    return _(RECOVERY[code])


def recovery_way(code: str) -> str:
    """How a missed caller was reached."""
    return _(RECOVERY_WAY[code])


def direction(code: str) -> str:
    """Word of a call's direction."""
    return _(DIRECTION[code])


def live_state(code: str) -> str:
    """Word of where a call is now."""
    return _(LIVE_STATE[code])


def role(code: str) -> str:
    """Word of a role."""
    return _(ROLE[code])


def period(code: str) -> str:
    """Word of a stretch of days that is counted from today."""
    return _(PERIOD[code])


def visibility(code: str) -> str:
    """Word of an article's visibility."""
    return _(VISIBILITY[code])


def promised(code: str) -> str:
    """What was promised: the first response or the solution."""
    return _(PROMISED[code])


def show(code: str) -> str:
    """Which tickets a figure of service counts."""
    return _(SHOW[code])


def notice(code: str) -> str:
    """Words of an occasion that people may want to be told of."""
    return _(NOTICE[code])


def action(code: str) -> str:
    """What an event says its actor did; reads after the name."""
    return _(ACTION[code])


def mail_state(code: str) -> str:
    """Word of where a mail is on its way."""
    return _(MAIL_STATE[code])


def inbound_state(code: str) -> str:
    """Word of what became of a mail that came in."""
    return _(INBOUND_STATE[code])


def mail_kind(code: str) -> str:
    """Why a mail is sent."""
    return _(MAIL_KIND[code])


def occasion(code: str) -> str:
    """When a rule is asked."""
    return _(OCCASION[code])


def rule_field(code: str) -> str:
    """What a rule's condition looks at."""
    return _(RULE_FIELD[code])


def rule_op(code: str) -> str:
    """How a rule's condition compares."""
    return _(RULE_OP[code])


def rule_does(code: str) -> str:
    """What a rule does."""
    return _(RULE_DOES[code])


def happened(code: str) -> str:
    """What a rule on changes waits for."""
    return _(HAPPENED[code])


def job(code: str) -> str:
    """A job of the timed work; one of a later feature by its code."""
    return _(JOB[code]) if code in JOB else code.replace("_", " ")
