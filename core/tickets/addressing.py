"""Whether a text speaks to the customer, so that an internal note which does is asked about before it is saved.

Pure and by rule, in Spanish and English: a greeting with the requester's name, an address of letters, phrases of service.
It errs towards silence: a question at every note would be clicked away unread.
"""

from __future__ import annotations

import re

from core.fulltext import fold

_TITLES = r"(?:(?:sr|sra|srta|ing|lic|dr|dra|don|dona|mr|mrs|ms)\.? )?"
_GREETING = (r"(?:hola|que tal|buen dia|buenos dias|buenas tardes|buenas noches|buenas|estimad[oa]|apreciable|querid[oa]|"
             r"hi|hello|hey|dear|good morning|good afternoon|good evening)")
# "Estimado de horas" is a guess of work, not a letter.
_LETTER = re.compile(r"(?:estimad[oa]s?|apreciables?|distinguid[oa]s?) (?!de\b|en\b|total\b|por\b)\w|dear \w")
_SERVICE = (
    r"(?:le|les) (?:informo|informamos|comento|comentamos|comparto|compartimos|confirmo|confirmamos|agradezco|agradecemos|"
    r"pido|pedimos|sugiero|sugerimos|recuerdo|recordamos|solicito|solicitamos|ofrezco|ofrecemos|adjunto|adjuntamos)",
    r"con gusto (?:le|les)", r"a sus ordenes", r"agradecemos sus?", r"saludos cordiales", r"(?:podria|puede) usted",
    r"qued(?:o|amos) (?:al pendiente de sus?|atent[oa]s? a sus?|en espera de sus?)",
    r"gracias por (?:sus?|contactar|comunicarse|escribir|reportar)",
    r"lamentamos (?:los|las|el|la) (?:inconvenientes?|molestias?|demora)", r"disculpe (?:la|las|el|los|usted)",
    r"(?:reciba|le envio) un (?:cordial )?saludo",
    r"(?:nos|me) (?:podria|puede) (?:confirmar|compartir|enviar|indicar|proporcionar)",
    r"thank you for (?:your|contacting|reporting|writing)", r"thanks for (?:your|contacting)", r"we are (?:pleased|sorry) to",
    r"(?:i|we) (?:would like to )?inform you", r"please find attached", r"let (?:us|me) know if you",
    r"could you (?:please )?(?:confirm|send|share|tell)", r"(?:kind|best|warm) regards", r"sorry for the inconvenience",
)
_PHRASES = re.compile(rf"\b(?:{'|'.join(_SERVICE)})\b")
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)


def speaks_to_customer(text: str, requester: str) -> bool:
    """Whether a text is written to the customer; `requester` is the name of the person who asked."""
    folded = re.sub(r"[^\S\n]+", " ", fold(_QUOTED.sub("", text))).strip()
    words = fold(requester).split()
    beginning = re.sub(r"^\W+", "", folded).replace("\n", " ")
    if words and len(words[0]) > 2:
        name = re.escape(words[0])
        if re.match(rf"{_GREETING}[ ,!.]+{_TITLES}{name}\b|{_TITLES}{name} ?[,:!]", beginning):
            return True
    return bool(_LETTER.match(beginning) or _PHRASES.search(folded.replace("\n", " ")))
