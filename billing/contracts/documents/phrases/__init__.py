"""What our documents say beside what people wrote, one module for each language.

All languages have the same phrases with the same places in braces; a test holds that.
"""

from . import de, en, ja, nl, ru, zh

ENGLISH = en.PHRASES
PHRASES = {
    "en": ENGLISH,
    "de": de.PHRASES,
    "nl": nl.PHRASES,
    "ru": ru.PHRASES,
    "ja": ja.PHRASES,
    "zh": zh.PHRASES,
}
