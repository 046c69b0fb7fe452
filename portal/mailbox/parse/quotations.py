"""The lines by which mail programs introduce a quotation or a signature, in the languages of our
users: English, Dutch, German, French, Spanish, Italian, Portuguese, Polish, Russian, Chinese,
Japanese and Indonesian. Data only; visible.py walks over them."""

import re

# Our own line, "Write above this line" in whatever language: a ruler with two hashes.
MARKER = re.compile(r"^[>\s]*##-.*-##\s*$")

QUOTED = re.compile(r"^\s{0,3}(?:>|\|(?=\s))")

# "On <date> <name> wrote:"; every form has a digit before the final colon.
ATTRIBUTION = re.compile(
    r"""^\W{0,3}(?:
      On\s.+\swrote\s?:
    | Op\s.+\s(?:schreef|geschreven|heeft)\b.*:
    | Am\s.+\sschrieb\b.*: | .+\sschrieb\s(?:am|an)\s.+: | Von\s.+\sgeschrieben\s?:
    | Le\s.+\sa\s[ée]crit\s?:
    | El\s.+\sescribi[óo]\s?:
    | Il\s.+\sha\sscritto\s?:
    | Em\s.+\sescreveu\s?:
    | W\sdniu\s.+(?:napisał|pisze)\b.*:
    | .+(?:пишет|писал(?:а|\(а\))?|написал(?:а|\(а\))?)\s?:
    | .+写道\s?[:：]
    | .+(?:書きました|のメール|のメッセージ)\s?[:：]
    | Pada\s.+\smenulis\s?:
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# In any language: a date with a time, an address, and a colon at the end.
GENERIC_ATTRIBUTION = re.compile(
    r"^(?=.*\d{4})(?=.*\d{1,2}[:.]\d{2})(?=.*<[^<>\s]+@[^<>\s]+>).{20,250}[:：]\s*$"
)

_FROM = r"From|Van|Von|De|Da|Od|От|От кого|发件人|寄件者|差出人|送信者|Dari"
_SENT = (
    r"Sent|Date|Verzonden|Datum|Gesendet|Envoyé|Envoyé le|Enviado|Enviado el|Fecha|Inviato|Data"
    r"|Wysłano|Отправлено|Дата|发送时间|日期|时间|寄件日期|送信日時|日時|日付|Dikirim|Tanggal"
)
_TO = r"To|Aan|An|À|A|Para|Do|Кому|收件人|收件者|宛先|Kepada|Cc|CC|Kopie|抄送"
_SUBJECT = (
    r"Subject|Onderwerp|Betreff|Objet|Asunto|Oggetto|Assunto|Temat|Тема|主题|主旨|件名|Subjek"
    r"|Perihal"
)
HEADER_FROM = re.compile(rf"^\W{{0,3}}(?:{_FROM})\s?\*?[:：]\s?\*?\s*\S", re.IGNORECASE)
HEADER_OTHER = re.compile(
    rf"^\W{{0,3}}(?P<label>{_SENT}|{_TO}|{_SUBJECT})\s?\*?[:：]", re.IGNORECASE
)

ORIGINAL = re.compile(
    r"^\s*[-_]{2,}\s*(?:Original Message|Original Appointment|Oorspronkelijk bericht"
    r"|Ursprüngliche Nachricht|Urspr\. Nachricht|Message d[’']origine|Mensaje original"
    r"|Messaggio originale|Mensagem original|Исходное сообщение|Original-Nachricht"
    r"|原始邮件|元のメッセージ|Pesan Asli|Pesan asli)\s*[-_]{2,}\s*$",
    re.IGNORECASE,
)
RULER = re.compile(r"^\s*_{20,}\s*$")

FORWARDED_LINE = re.compile(
    r"^\W*(?:Forwarded message|Begin forwarded message|Doorgestuurd bericht"
    r"|Begin doorgestuurd bericht|Weitergeleitete Nachricht|Anfang der weitergeleiteten Nachricht"
    r"|Message transféré|Début du message (?:transféré|réexpédié)|Mensaje reenviado"
    r"|Messaggio inoltrato|Пересылаемое сообщение|Пересланное сообщение|转发的?邮件"
    r"|転送メッセージ|転送されたメッセージ|Pesan terusan|Pesan yang diteruskan)\W*$",
    re.IGNORECASE,
)
FORWARDED_SUBJECT = re.compile(
    r"^\s*(?:fwd?|fw|wg|doorst|tr|rv|enc|i|пересл?|转发|轉寄|転送|trs|terusan)\s*[:：]",
    re.IGNORECASE,
)

SIGNATURE = re.compile(r"^--\s?$")
DEVICE = re.compile(
    r"^\s*(?:(?:Sent|Get) (?:from|with|via|using) .{2,60}"
    r"|(?:Verzonden|Verstuurd) (?:vanaf|met|via) .{2,60}"
    r"|(?:Von|Gesendet (?:von|mit)) .{2,60}?(?: gesendet)?"
    r"|Envoyé (?:de|depuis|à partir de) .{2,60}"
    r"|Enviado (?:desde|de) .{2,60}|Inviato da .{2,60}"
    r"|Отправлено (?:с|из) .{2,60}"
    r"|发自我的.{2,30}|来自我的.{2,30}|.{2,30}から送信"
    r"|Dikirim dari .{2,60})\.?\s*$",
    re.IGNORECASE,
)
