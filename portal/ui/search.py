"""Words for full-text search, the same on every database.

Databases differ in what they call a word: SQLite and PostgreSQL (configuration `simple`) both cut
at blanks only and know no stems. So a text is indexed as the tokens made here, and a query asks for
tokens made the same way. Latin words are kept with their English, Dutch, German and Indonesian
stems, Cyrillic ones with their Russian stem; Chinese, Japanese and Korean runs, which have no
blanks, become single characters and pairs of neighbours.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer
from modelsearch.query import MATCH_NONE, And, Or, PlainText, SearchQuery

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
IS_CJK = re.compile(rf"[{_CJK}]")
_IS_HIRAGANA = re.compile("[\u3040-\u309f]")
_IS_KATAKANA = re.compile("[\u30a0-\u30ff]")

_LATIN = tuple(
    snowballstemmer.stemmer(name) for name in ("english", "dutch", "german", "indonesian")
)
_CYRILLIC = (snowballstemmer.stemmer("russian"),)

# A query holds no more words than this: every one of them costs the database a look-up.
MAX_QUERY_WORDS = 24
# Longer runs of letters are no words; they are pasted keys and addresses.
_MAX_WORD_LENGTH = 64

# Words that say nothing about the subject. Only queries leave them out, so that a text which
# consists of nothing else can still be found by its other words. English, Dutch, German, Russian,
# Indonesian.
_FILLERS = frozenset(
    WORD.findall(
        """
        a an and are at be but by can cannot do does don for from have how i in is isn it its my no
        not of on or our s so t that the there this to was we what when where which why will with
        you

        aan de een en er het hoe ik is kan kunt met mijn naar niet om op te van voor wat wij
        auf aus das dem den der die ein eine es für ich im ist kann mein mit nicht und von was wie
        zu

        а в во для до и из как к ко мне мой моя мы на не но о об от по при с со у что это я

        ada adalah apa atau bagaimana bisa cara dan dari dengan di ini itu ke pada saya tidak untuk
        yang
        """
    )
)


# About 4 MB when it is full.
@lru_cache(maxsize=20_000)
def variants(word: str) -> tuple[str, ...]:
    """The word itself and its stems, each once; `word` must be casefolded already."""
    stemmers = _CYRILLIC if "\u0400" <= word[0] <= "\u04ff" else _LATIN
    return tuple(dict.fromkeys([word, *(stemmer.stemWord(word) for stemmer in stemmers)]))


def words_of(text: str) -> list[str]:
    """The words of `text` in order, casefolded; a CJK run counts as one word."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return [word[:_MAX_WORD_LENGTH] for word in WORD.findall(folded)]


def tokens_of(text: str) -> list[str]:
    """Every token under which `text` is found, in order, with repetitions."""
    found: list[str] = []
    for word in words_of(text):
        if IS_CJK.match(word):
            found += list(word)
            found += _pairs(word)
        else:
            found += variants(word)
    return found


def index_tokens(text: str) -> str:
    """What goes into the index for `text`; a `SearchField` names a method that returns this."""
    return " ".join(tokens_of(text))


def alternatives(text: str) -> list[tuple[str, ...]]:
    """What `text` asks for: one group per word, of which any member may be found.

    Fillers are left out unless there is nothing else. A CJK run of two or more characters gives
    one group for each pair of neighbours that tells something (`_tells`).
    """
    groups: dict[tuple[str, ...], bool] = {}
    for word in words_of(text):
        if not IS_CJK.match(word):
            groups.setdefault(variants(word), word not in _FILLERS)
        elif len(word) == 1:
            groups.setdefault((word,), True)
        else:
            for at, pair in enumerate(_pairs(word)):
                groups.setdefault((pair,), _tells(word, at))
    telling = [group for group, tells in groups.items() if tells]
    return (telling or list(groups))[:MAX_QUERY_WORDS]


def query(text: str) -> SearchQuery:
    """Asks for records that hold every word of `text`, each in any of its forms.

    The forms are joined by Or: the SQLite backend puts that in brackets, but not the words of one
    PlainText, of which a single one would then be enough.
    """
    words = [Or([PlainText(form) for form in group]) for group in alternatives(text)]
    return And(words) if words else MATCH_NONE


def query_any(text: str) -> SearchQuery:
    """Asks for records that hold at least one word of `text`, the ones with most of them first.

    Given to `autocomplete()`, the last word may be cut short: "vpn connec" finds "connecting".
    """
    groups = alternatives(text)
    if not groups:
        return MATCH_NONE
    # The backend takes the very last term as the beginning of a word: let that be what was typed.
    *earlier, last = [token for group in groups for token in reversed(group)]
    return PlainText(" ".join([*dict.fromkeys(earlier), last]), operator="or")


def is_long_enough(text: str) -> bool:
    """True when `text` says enough to look for something: two letters, or one CJK character."""
    stripped = text.strip()
    return len(stripped) >= 2 or bool(IS_CJK.match(stripped))


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]


def _tells(run: str, at: int) -> bool:
    """True when the pair at position `at` of a CJK run is part of a word of meaning.

    Japanese particles and endings are written in hiragana: a pair that begins with one, or in
    which one follows a longer word, says nothing about the subject. A single Chinese character
    with its ending (使い of 使い方) is a word.
    """
    first, second = run[at], run[at + 1]
    if _IS_HIRAGANA.match(first):
        return False
    if not _IS_HIRAGANA.match(second):
        return True
    begins_word = at == 0 or bool(_IS_HIRAGANA.match(run[at - 1]))
    return begins_word and not _IS_KATAKANA.match(first)
