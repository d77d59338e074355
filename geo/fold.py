"""Text in the form in which search compares it; the page folds a query by the same table, which it carries.

Lower case, no accents, Cyrillic in Latin letters, no hyphens, quotes or soft signs: "Камбар-Ата" is "kambarata".
"""

from __future__ import annotations

import unicodedata

# One Latin spelling per Cyrillic letter, near the English usage of place names (BGN/PCGN without diacritics); Kyrgyz
# and Kazakh letters as Latin readers type them. Accented letters (й, ё) fold to their base before the table is asked.
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщъыьэюяөүңұқғһәі"
_LATIN = "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya o u n u k g h a i"
_DROPPED = "-\u2010\u2013'\u2019\u02bc`\"«»\u201c\u201d"
LETTERS = {
    **{letter: latin.strip("-") for letter, latin in zip(_CYRILLIC, _LATIN.split(), strict=True)},
    "ı": "i",
    "ß": "ss",
    **dict.fromkeys(_DROPPED, ""),
}
_TABLE = str.maketrans(LETTERS)


def fold(text: str) -> str:
    """Give the folded form of a text. Word and line breaks stay."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_TABLE)
