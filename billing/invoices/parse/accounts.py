"""Account numbers: their check digits, and how people read them (ISO 13616, ISO 7064)."""

import re


def is_iban(text: str) -> bool:
    """True for an account number of the right shape whose check digits fit (ISO 13616)."""
    iban = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban, re.ASCII):
        return False
    return remainder(iban[4:] + iban[:4]) == 1


def in_fours(text: str) -> str:
    """Account numbers and references as people read them: NL91 ABNA 0417 1643 00."""
    compact = re.sub(r"\s", "", text)
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def remainder(text: str) -> int:
    """Modulo 97 with letters as A=10 to Z=35."""
    return int("".join(str(int(character, 36)) for character in text)) % 97
