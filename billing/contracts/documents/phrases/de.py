"""German."""

PHRASES = {
    "invoice": "Rechnung",
    "credit_note": "Gutschrift",
    "estimate": "Kostenvoranschlag",
    "reminder_1": "Zahlungserinnerung",
    "reminder_2": "Zweite Zahlungserinnerung",
    "reminder_3": "Letzte Zahlungserinnerung",
    "draft": "ENTWURF",
    "draft_title": "Entwurf einer Rechnung",
    "draft_note": (
        "Dies ist keine Rechnung. Beträge können sich noch ändern; bitte nicht bezahlen."
    ),
    "draft_number": "ENTWURF – wird bei Ausstellung vergeben",
    "number": "Nummer",
    "issued": "Datum",
    "due": "Fällig",
    "valid_until": "Gültig bis",
    "period": "Leistungszeitraum",
    "order": "Ihre Bestellung",
    "your_reference": "Ihr Zeichen",
    "contract": "Vertrag",
    "ticket": "Ticket",
    "corrects": "Korrigiert Rechnung",
    "number_of_day": "{number} vom {day}",
    "reason": "Grund",
    "from": "Von",
    "bill_to": "An",
    "vat_number": "USt-IdNr. {number}",
    "tax_number": "Steuernummer {number}",
    "register_number": "Register {number}",
    "due_on_day": "{amount} fällig am {day}",
    "due_after_days": "{amount} fällig {days} Tage nach Ausstellung",
    "credited_amount": "{amount} gutgeschrieben",
    "nothing_due": "Kein Betrag offen",
    "terms_days": "{days} Tage netto",
    "thanks": "Vielen Dank für die gute Zusammenarbeit.",
    "annex_follows": "Alle Stunden dazu stehen am Ende dieses Dokuments.",
    "questions": "Fragen? {ways}.",
    "description": "Beschreibung",
    "quantity": "Menge",
    "unit_price": "Einzelpreis",
    "amount": "Betrag",
    "price_for": "{price} je {count} {unit}",
    "unit_HUR": "Std.",
    "unit_MIN": "Min.",
    "unit_KMT": "km",
    "unit_C62": "Stk.",
    "unit_H87": "Stk.",
    "one_C62": "Stk.",
    "one_H87": "Stk.",
    "one_DAY": "Tag",
    "one_MON": "Monat",
    "unit_DAY": "Tage",
    "unit_MON": "Monate",
    "unit_LS": "pauschal",
    "tickets": "{count} Tickets",
    "supplied_on": "geliefert am {day}",
    "worked_before": "davon {hours} Std. vor {month} geleistet",
    "from_block": "Aus dem Stundenkontingent",
    "beyond_block": "{text}, über das Stundenkontingent hinaus",
    "by_distance": "{text}, Kilometer",
    "late_first_response": "Gutschrift für eine zu späte erste Antwort",
    "late_resolution": "Gutschrift für eine zu späte Lösung",
    "taken_back": "Gutschrift: {what}, Rechnung {number}",
    "dearer": "{text}, {reason} ({base} × {factor})",
    "out_of_hours": "außerhalb der Arbeitszeit",
    "holiday": "Sonn- oder Feiertag",
    "call_out": "Rufbereitschaft",
    "allowance": "Nachlass",
    "charge": "Zuschlag",
    "brought": "Übertrag {amount}",
    "carried": "Übertrag {amount}",
    "line_sum": "Summe der Positionen",
    "subtotal": "Summe ohne USt",
    "vat_on": "USt {rate} auf {base}",
    "no_vat_on": "Keine USt auf {base}",
    "total": "Summe mit USt",
    "prepaid": "Bereits gezahlt",
    "rounding": "Rundung",
    "amount_due": "Zahlbetrag",
    "amount_credited": "Gutschriftbetrag",
    "estimated_total": "Voraussichtliche Summe",
    "tax_currency": "USt in {code}: {amount} (1 {code} = {rate} {other}, {source}, {day})",
    "reverse_charge": "Steuerschuldnerschaft des Leistungsempfängers (reverse charge).",
    "pay_title": "Zahlung per Überweisung",
    "pay_code": "Zahlungscode mit denselben Bankdaten für Ihre Banking-App",
    "payee": "Empfänger",
    "reference": "Referenz",
    "work_in": "Leistungen {period}",
    "hours_and_tickets": "Stunden: {hours}. Tickets: {tickets}.",
    "late_rows": ("Zeilen mit Jahr wurden vor diesem Zeitraum geleistet und noch nicht berechnet."),
    "confidential": "Vertraulich",
    "date": "Datum",
    "work": "Leistung",
    "who": "Wer",
    "hours": "Stunden",
    "total_hours": "Stunden gesamt",
    "page": " · Seite ",
    "of": " von ",
    "reminder_text_1": (
        "Für folgende Posten haben wir noch keine Zahlung erhalten. Falls sich dies "
        "mit Ihrer Zahlung überschneidet, betrachten Sie es als erledigt."
    ),
    "reminder_text_2": (
        "Folgendes ist trotz unserer Erinnerung noch offen. Bitte zahlen Sie jetzt, "
        "oder sagen Sie uns, was nicht stimmt."
    ),
    "reminder_text_3": (
        "Folgendes ist lange überfällig. Dies ist die letzte Erinnerung, bevor wir die "
        "Forderung zum Einzug abgeben."
    ),
    "days_late": "Tage überfällig",
    "open_amount": "Offen",
    "interest": "Zinsen {rate} für {days} Tage",
    "fixed_sum": "Pauschale für Zahlungsverzug",
    "outside_vat": "Zinsen und Pauschale unterliegen nicht der Umsatzsteuer.",
    "total_open": "Zu zahlen",
    "for_whom": "Für",
    "estimate_indicative": (
        "Abgerechnet wird der tatsächliche Aufwand. Wir melden uns, bevor er diesen "
        "Voranschlag übersteigt."
    ),
    "estimate_cap": "Abgerechnet wird der tatsächliche Aufwand, höchstens dieser Betrag.",
    "estimate_fixed": "Dieser Betrag wird unabhängig vom Aufwand berechnet.",
    "version": "Version",
    "accept": "Angenommen (Name, Datum, Unterschrift)",
    "logo_of": "Logo von {name}",
    "account_statement": "Kontoauszug",
    "since": "Ab",
    "account_balance": "Saldo",
    "account_text": "Ein Betrag unter null ist Ihr Guthaben.",
    "account_carried": "Übertrag",
    "booked_invoice": "Rechnung {reference}",
    "booked_credit_note": "Gutschrift {reference}",
    "booked_payment": "Zahlung {reference}",
    "booked_refund": "Rückzahlung {reference}",
    "booked_discount": "Skonto, {reference}",
    "booked_write_off": "Ausgebucht, {reference}",
    "ages_title": "Offene Beträge nach Tagen seit der Fälligkeit",
    "age_current": "Noch nicht fällig",
    "age_to_30": "1–30 Tage",
    "age_to_60": "31–60 Tage",
    "age_to_90": "61–90 Tage",
    "age_older": "Über 90 Tage",
    "open_invoices": "Offene Rechnungen",
    "your_credit": "Ihr Guthaben",
    # The page of a link, and what is mailed.
    "late_0": "{days} Tag überfällig",
    "late_1": "{days} Tage überfällig",
    "late_2": "{days} Tage überfällig",
    "partly_paid": "Teilweise bezahlt",
    "paid": "Bezahlt",
    "cancelled": "Storniert",
    "closed": "Abgeschlossen",
    "to_be_paid": "Zu zahlen",
    "e_invoice_file": "E-Rechnung (XML)",
    "ask": "Frage zu dieser Rechnung",
    "credited_to": "gutgeschrieben zu Rechnung {number}",
    "due_day": "fällig am {date}",
    "parties": "Beteiligte",
    "lines": "Positionen",
    "vat": "USt",
    "vat_at": "USt {rate}",
    "answered": "Beantwortet",
    "in_dispute": "In Klärung",
    "looking_into": "Wir gehen dem nach, {number}.",
    "not_right": "Das stimmt nicht",
    "without_vat": "Ohne USt",
    "paid_in_advance": "Im Voraus bezahlt",
    "sum": "Summe",
    "credited": "Gutgeschrieben",
    "paid_so_far": "Bisher bezahlt",
    "pass_on": (
        "Wer diesen Link hat, kann dieses Dokument lesen. Geben Sie ihn nur an Personen weiter, "
        "die das dürfen."
    ),
    "invoice_number": "Rechnung {number}",
    "skip": "Zum Inhalt springen",
    "close": "Schließen",
    "not_sent": "Nicht gesendet. Ihr Text ist noch da. Versuchen Sie es erneut.",
    "did_not_work": (
        "Das hat nicht funktioniert. Laden Sie die Seite neu und versuchen Sie es noch einmal."
    ),
    "error": "Fehler:",
    "problem": "Es gibt ein Problem",
    "optional": "(freiwillig)",
    "about_what": "Worum geht es?",
    "as_a_whole": "Die Rechnung insgesamt",
    "what_is_wrong": "Was stimmt nicht, oder was möchten Sie wissen?",
    "say_what": "Schreiben Sie, was nicht stimmt.",
    "your_name": "Ihr Name",
    "enter_name": "Geben Sie Ihren Namen ein.",
    "say_who": "Schreiben Sie, wer Sie sind.",
    "your_address": "Ihre E-Mail-Adresse",
    "answer_there": "Wir antworten an diese Adresse.",
    "enter_address": "Geben Sie die Adresse ein, an die wir antworten.",
    "wrong_address": "Geben Sie eine gültige E-Mail-Adresse ein.",
    "write_instead": (
        "Das konnte nicht gesendet werden. Schreiben Sie stattdessen an den Service Desk."
    ),
    "not_reminded": (
        "An eine Position, die Sie beanstanden, erinnern wir nicht, bis sie geklärt ist. Der "
        "Rest bleibt fällig."
    ),
    "send": "Senden",
    "back_to_invoice": "Zurück zur Rechnung",
    "too_many": (
        "In dieser Stunde sind viele Fragen eingegangen. Versuchen Sie es später erneut, oder "
        "schreiben Sie uns."
    ),
    "in_work": "Wir gehen dieser Position bereits nach. Die Nummer ist {number}.",
    "other_link": "Dieser Link gehört zu einer anderen Rechnung.",
    "thanks_line": (
        "Gesendet. Nummer {number}. An diese Position erinnern wir nicht, bis sie geklärt ist."
    ),
    "thanks_question": "Gesendet. Nummer {number}. Wir antworten per E-Mail.",
    "nothing_here": "Hier ist nichts",
    "bad_link": (
        "Der Link ist unvollständig oder gilt nicht mehr. Kopieren Sie ihn vollständig aus der "
        "E-Mail, oder bitten Sie den Absender der Rechnung um einen neuen."
    ),
    "mail_subject": "Rechnung {number} von {brand}",
    "mail_subject_credit": "Gutschrift {number} von {brand}",
    "mail_invoice": "Hier ist die Rechnung {number} von {brand} über {amount} für {period}.",
    "mail_credit": "Hier ist die Gutschrift {number} von {brand} über {amount}.",
    "mail_due": "Sie ist am {due} fällig.",
    "mail_read": (
        "Hier können Sie sie ohne Anmeldung lesen, herunterladen oder eine Frage dazu stellen:"
    ),
    "mail_link": (
        "Wer diesen Link hat, kann diese Rechnung lesen und sonst nichts. Er gilt bis {expires}."
    ),
    "mail_attached": "Das Dokument ist beigefügt.",
    "mail_reference": "Bitte geben Sie bei der Zahlung die Referenz {reference} an.",
    "remind_1": "Erinnerung: Rechnung {number}",
    "remind_2": "Zweite Erinnerung: Rechnung {number}",
    "remind_3": "Letzte Erinnerung: Rechnung {number}",
    "dear_customer": "Sehr geehrte Damen und Herren,",
    "was_due": (
        "Die Rechnung {number} vom {issued} war am {due} fällig. Wir haben sie noch nicht "
        "vollständig erhalten: {balance} sind offen."
    ),
    "interest_days": "Zinsen für {days} Tage bei {rate} im Jahr: {amount}",
    "fixed_sum_of": "Pauschale für Zahlungsverzug: {amount}",
    "in_all": "Insgesamt zu zahlen, hierauf ohne USt: {total}",
    "pay_to": "Bitte zahlen Sie auf {iban} ({name}) mit der Referenz {reference}.",
    "tell_us": (
        "Falls Sie inzwischen gezahlt haben oder etwas nicht stimmt, sagen Sie uns bitte Bescheid."
    ),
    # An estimate: the page of its link, and what is mailed.
    "hours_short": "{hours} Std.",
    "estimate_number": "Kostenvoranschlag {number}",
    "estimate_titled": "Kostenvoranschlag {number}: {title}",
    "kind_indicative": "Unverbindlich: Abgerechnet wird der tatsächliche Aufwand",
    "kind_cap": "Obergrenze: Abgerechnet wird der tatsächliche Aufwand, höchstens dieser Betrag",
    "kind_fixed": "Festpreis: Berechnet wird dieser Betrag",
    "state_sent": "Gesendet",
    "state_accepted": "Angenommen",
    "state_declined": "Abgelehnt",
    "state_expired": "Abgelaufen",
    "state_superseded": "Ersetzt",
    "scroll_lines": "Positionen, seitlich scrollen",
    "accepted_by": "Angenommen von {name}, {when}.",
    "declined_by": "Abgelehnt von {name}, {when}.",
    "newer_mailed": (
        "Von diesem Kostenvoranschlag gibt es eine neuere Fassung. Sie haben dazu eine E-Mail "
        "erhalten; bitte beantworten Sie diese Fassung."
    ),
    "too_late": "Die Frist für die Antwort ist abgelaufen. Bitten Sie uns um eine neue Fassung.",
    "you_answer": (
        "Sie antworten als {name} für {customer}, bis zum {day}. Entschieden ist erst etwas, wenn "
        "Sie eine Schaltfläche drücken."
    ),
    "do_accept": "Annehmen",
    "do_decline": "Ablehnen",
    "your_answer": "Ihre Antwort",
    "press_one": "Nehmen Sie mit einer der Schaltflächen an, oder lehnen Sie ab.",
    "word_to_us": "Ihre Nachricht an uns",
    "when_declining": "Beim Ablehnen erforderlich: Was müsste anders sein?",
    "say_different": "Schreiben Sie, was anders sein müsste.",
    "shorten": "Kürzen Sie den Text auf {limit_value} Zeichen.",
    "may_not_answer": (
        "Sie dürfen diesen Kostenvoranschlag nicht für Ihre Organisation beantworten."
    ),
    "answered_already": "{name} hat bereits geantwortet: {answer}.",
    "answer_newer": (
        "Von diesem Kostenvoranschlag gibt es eine neuere Fassung. Bitte beantworten Sie diese."
    ),
    "not_answerable": "Dieser Kostenvoranschlag kann nicht beantwortet werden.",
    "thanks_accepted": "Vielen Dank. Der Kostenvoranschlag ist angenommen.",
    "thanks_declined": "Vielen Dank. Ihre Antwort ist eingegangen.",
    "answer_for_you": (
        "Dieser Link ist nur für Sie bestimmt: Wer ihn hat, kann in Ihrem Namen antworten."
    ),
    "being_made": "Das PDF wird erstellt; diese Seite zeigt es gleich an.",
    "bad_estimate_link": (
        "Der Link ist unvollständig oder gilt nicht mehr. Kopieren Sie ihn vollständig aus der "
        "E-Mail, oder bitten Sie den Absender des Kostenvoranschlags um einen neuen."
    ),
    "dear_name": "Guten Tag {name},",
    "prepared": "wir haben den Kostenvoranschlag {number} für „{title}“ erstellt.",
    "amount_both": "Betrag: {net} ohne USt, {total} mit USt",
    "accept_until": "Annahme möglich bis {day}",
    "read_and_answer": "Lesen und annehmen oder ablehnen",
    "answer_at": "Hier können Sie ihn lesen und annehmen oder ablehnen:",
    "estimate_pdf": "Der Kostenvoranschlag als PDF",
    "estimate_pdf_at": "Der Kostenvoranschlag als PDF:",
    "for_you_alone": (
        "Der Link ist nur für Sie bestimmt; bitte leiten Sie diese E-Mail nicht weiter. "
        "Entschieden ist erst etwas, wenn Sie eine Schaltfläche drücken."
    ),
    "used_up": "Kostenvoranschlag {number} ist ausgeschöpft",
    "used_share": "Kostenvoranschlag {number} ist zu {percent} ausgeschöpft",
    "work_used": (
        "die Arbeit an „{title}“ hat {percent} des Kostenvoranschlags {number} verbraucht:"
    ),
    "hours_of": "{hours} von {of}",
    "amount_of": "{used} von {estimated}, ohne USt",
    "beyond_indicative": (
        "Der Kostenvoranschlag ist unverbindlich: Abgerechnet wird der tatsächliche Aufwand, auch "
        "darüber hinaus."
    ),
    "beyond_cap": (
        "Berechnet wird höchstens der Kostenvoranschlag, es sei denn, eine neue Fassung wird "
        "angenommen."
    ),
    "beyond_fixed": "Der Preis ist fest: Mehr Stunden ändern nichts am Rechnungsbetrag.",
    "talk_about": "Sprechen Sie uns gern darauf an.",
    "talk_to_customer": "Sprechen Sie mit dem Kunden, oder senden Sie eine neue Fassung:",
    "block_share": "{percent} von „{block}“ sind verbraucht",
    "block_share_of": "{percent} von „{block}“ (Vertrag {contract}) sind verbraucht.",
    "block_used_up": "„{block}“ (Vertrag {contract}) ist verbraucht.",
    "block_bought": "Gekauft: {bought}",
    "block_drawn": "Verbraucht, noch nicht abgerechnete Arbeit eingeschlossen: {used}",
    "block_left": "Übrig: {left}",
    "block_until": "Für Arbeit bis: {until}",
    "block_beyond": "Weitere Arbeit wird nach Stunden berechnet, wie es der Vertrag vorsieht.",
}
