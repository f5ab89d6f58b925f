"""Words on screen: `_("English sentence")` gives the sentence in the language of the person served now."""

from core.i18n.catalogue import _, current_locale, n_, ngettext, speaking, use

__all__ = ["_", "current_locale", "n_", "ngettext", "speaking", "use"]
