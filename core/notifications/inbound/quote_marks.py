"""How mail programs introduce what they quote: patterns of single lines, in the languages that customers write in.

Spanish, English and Portuguese are what the desk speaks; the others are those of the programs that people have installed.
Every pattern is bounded, so that no text takes long.
"""

from __future__ import annotations

import re

_DATE = r"[^\n]{0,120}\d[^\n]{0,160}"
_ADDRESS = r"<?\s*[^@<>\s]{1,80}@[^@<>\s]{1,80}[^\n]{0,80}"
_END = r"\s*[:：]?\s*(?:[-_*]{2,}|>)?\s*$"
# (how the line begins, the word for "wrote")
_WROTE = (
    (r"(?:on|at)\b", r"\bwrote\b"), (r"(?:el|en)\b", r"\bescribi[oó]\b"), (r"(?:em|no dia|a)\b", r"\bescreveu\b"),
    (r"le\b", r"\ba\s+[eé]crit\b"), (r"(?:am|den|um)\b", r"\bschrieb\b"), (r"il\b", r"\bha\s+scritto\b"),
    (r"op\b", r"\b(?:schreef|heeft)\b"), (r"(?:den|p[aå])\b", r"\bskrev\b"), (r"(?:w\s+dniu|dnia|on)\b", r"\bnapisa[lł]"),
    (r"在", r"(?:写道|寫道)"),
)
_LEAD = r"^[\s>*\-_]{0,20}"
_WROTE_LINES = tuple(re.compile(rf"{_LEAD}{begin}{_DATE}{verb}[^\n]{{0,160}}{_END}", re.IGNORECASE) for begin, verb in _WROTE)
_VERBS = (r"(?:wrote|escribi[oó]|escreveu|a\s+[eé]crit|schrieb|ha\s+scritto|schreef|skrev|napisa[lł](?:\(a\))?|написал\(?а?\)?|"
          r"пише|писал\(?а?\)?|写道|寫道)")
_WROTE_LINES += (
    # A date or a name first: "23 mar 2017 21:25 "Ana" <ana@x.mx> escribió:", "Ana <ana@x.mx> escribió el lun., 3 de mar.:"
    re.compile(rf"{_LEAD}\d{_DATE}{_VERBS}{_END}", re.IGNORECASE),
    re.compile(rf"{_LEAD}[^\n]{{1,100}}{_ADDRESS}\s{{0,3}}{_VERBS}\b[^\n]{{0,120}}{_END}", re.IGNORECASE),
    # "2016-10-24 15:36 GMT+02:00 Ana <ana@x.mx>:"
    re.compile(rf"{_LEAD}\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}[^\n]{{0,100}}<\s*[^@<>\s]{{1,80}}@[^@<>\s]{{1,80}}>{_END}"),
)
_CONTINUED = re.compile(rf"{_LEAD}(?:on|at|el|em|le|am|il|op|den|w\s+dniu|dnia|\d{{1,4}}[./ -]|[^\n]{{2,60}}<[^\n]*@)",
                        re.IGNORECASE)
_VERB = re.compile(rf"{_VERBS}|GMT|>:\s*$", re.IGNORECASE)
_SEPARATORS = (
    r"(?:original|forwarded|reply|replied)\s+(?:message|e-?mail|appointment)", r"mensaje\s+(?:original|reenviado)",
    r"mensagem\s+(?:original|encaminhada)", r"correo\s+(?:original|reenviado)",
    r"message\s+(?:d'origine|original|transf[eé]r[eé])",
    r"urspr[uü]ngliche\s+nachricht", r"weitergeleitete\s+nachricht", r"messaggio\s+(?:originale|inoltrato)",
    r"oorspronkelijk\s+bericht", r"opprinnelig\s+melding", r"оригинальное\s+сообщение", r"原始邮件", r"转发的?邮件",
)
_SEPARATOR = re.compile(rf"^[\s>*]{{0,20}}[-_=]{{2,}}\s*(?:{'|'.join(_SEPARATORS)})[^\n]{{0,60}}$", re.IGNORECASE)
_BEGIN = re.compile(r"^\s*(?:begin forwarded message|inicio del mensaje reenviado|in[ií]cio da mensagem (?:reenviada|"
                    r"encaminhada)|"
                    r"d[eé]but du message (?:r[eé]exp[eé]di[eé]|transf[eé]r[eé])|anfang der weitergeleiteten nachricht)\s*:?\s*$",
                    re.IGNORECASE)
_ABOVE = re.compile(r"^[\s>*\-_#=]{0,20}(?:reply above this line|please type your reply above this line|responda (?:arriba|"
                    r"encima|por encima) "
                    r"de esta l[ií]nea|responda acima desta linha)[\s>*\-_#=.]{0,20}$", re.IGNORECASE)
_FROM = r"(?:from|de|da|von|van|fra|od|от|von|remitente|发件人|寄件者)"
_SENT = (r"(?:sent|date|enviad[oa](?:\s+el|\s+em)?|fecha|data|envoy[eé](?:\s+le)?|gesendet|datum|inviato|verzonden|sendt|dato|"
         r"отправлено|дата|发送时间|日期)")
_OTHER = (r"(?:to|cc|bcc|subject|reply-to|para|cco?|asunto|assunto|[àa]|objet|an|betreff|oggetto|aan|onderwerp|til|emne|risposta|"
          r"responder\s+a|antwort\s+an|priority|importance|importancia|prioridad|attachments|datos\s+adjuntos|do|temat|кому|тема|"
          r"收件人|主题)")
HEADER = re.compile(rf"^[\s>*]{{0,20}}(?:{_FROM}|{_SENT}|{_OTHER})\s?\*?\s*[:：]\*?(?:\s|$|\S)", re.IGNORECASE)
_FROM_LINE = re.compile(rf"^[\s>*]{{0,20}}{_FROM}\s?\*?\s*[:：]", re.IGNORECASE)
_ONE_LINE = re.compile(rf"^[\s>*]{{0,20}}{_FROM}\s?\*?[:：][^\n]{{3,160}}\b{_SENT}\s?\*?[:：][^\n]{{3,200}}\b(?:to|para|"
                       rf"subject|asunto|assunto)"
                       r"\s?\*?[:：]", re.IGNORECASE)
QUOTE = re.compile(r"^\s{0,3}(?:>|&gt;|\|(?:\s|$))")
DELIMITER = re.compile(r"^\s*(?:--|—|–|__|_{5,}|-{5,}|={5,}|\*{5,}|-{2}\s*>|ᐧ)\s*$")
SIGNATURE_MARK = re.compile(r"^\s*(?:--|—|–|__)\s*$")
_DEVICE = (r"(?:iphone|ipad|ipod|android|blackberry|samsung|galaxy|huawei|motorola|xiaomi|nokia|htc|alcatel|outlook|yahoo|"
           r"gmail|mailbox|"
           r"airmail|windows|correo|mail|e-?mail|m[oó]vil|celular|tel[eé]fono|telemóvel|smartphone|tablet|mobile|phone|cell|device|"
           r"dispositivo|aparelho|k-9|bluemail|proton|zoho|ti-\d+|pc|mac)")
_MOBILE = (
    rf"(?:sent|written|composed|enviado|enviada|escrito|mandado|inviato|verzonden|sendt|skickat|envoy[eé]|gesendet|wys[lł]ane)\s+"
    rf"(?:from|via|with|by|using|on|desde|por|con|de|do|da|através|pelo|usando|depuis|via|da|dal|met|vanaf|fra|från|von|z)\b[^\n]{{0,60}}{_DEVICE}[^\n]{{0,90}}",
    r"(?:get|obt[eé]n(?:er|ga)?|obter|baixar|descargar|télécharger)\s+(?:o\s+)?\[?outlook\s+(?:for|para|pour)\b[^\n]{0,120}",
    r"(?:diese nachricht wurde )?von meinem [^\n]{1,60} gesendet[^\n]{0,40}", r"[^\n]{0,20}從我的[^\n]{1,20}傳送",
    r"发自我的[^\n]{1,20}",
    rf"(?:[a-z]{{1,20}}\s+)?from\s+(?:my\s+)?{_DEVICE}(?:\s+\S{{1,12}}){{0,3}}", r"this message was sent from my[^\n]{1,80}",
)
MOBILE = re.compile(rf"^\s*[<\[(*]{{0,3}}(?:{'|'.join(_MOBILE)})[>\])*]{{0,3}}\s*$", re.IGNORECASE)


def introduces(line: str) -> bool:
    """Whether one line says that what follows is another mail."""
    if len(line) > 600:
        return False
    return bool(_SEPARATOR.match(line) or _BEGIN.match(line) or _ABOVE.match(line) or _ONE_LINE.match(line)
                or any(pattern.match(line) for pattern in _WROTE_LINES))


def may_continue(line: str) -> bool:
    """Whether an introduction may begin in this line and go on in the next ones."""
    return len(line) < 200 and bool(_CONTINUED.match(line)) and any(each.isdigit() for each in line + "0" * ("<" in line))


def ends(line: str) -> bool:
    """Whether an introduction may end in this line."""
    return bool(_VERB.search(line)) or line.rstrip().endswith((":", ">"))


def names_sender(line: str) -> bool:
    """Whether a header line is the one that names the sender."""
    return bool(_FROM_LINE.match(line))
