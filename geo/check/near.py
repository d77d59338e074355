"""The nearest candidate to a word that was not found: the "did you mean" of keys, sources, columns and categories."""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable

_LOOK_ALIKE = str.maketrans("аеорсухіјѕһвкмнтАЕОРСУХІЈЅВКМНТ", "aeopcyxijshbkmhtAEOPCYXIJSBKMHT")
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүңәғқұһі"
_IN_LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya o u ng a g q u h i"
_LATIN = dict(zip(_CYRILLIC, _IN_LATIN.split(), strict=True))
_MAX_COMPARED = 1_000  # candidates that a word is compared with letter by letter; of more, its neighbours in order
_NEIGHBOURS = 40
_MAX_SEARCHES = 2_000  # then only what looks the same is found: a wrong column would keep us for hours


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _transliterated(word: str) -> str:
    latin = "".join(_LATIN.get(c, c) for c in word.casefold().replace("дж", "j"))
    return _MARKS.sub("", _unaccented(latin).replace("dzh", "j"))


_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_MARKS = re.compile(r"[\W_]+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_FRACTION = re.compile(r"(?<=\d)\.0+$")  # pandas writes 9 as 9.0 where another cell of the column is blank

# Each way two words can look the same, from the slightest, with what is said of it.
_FOLDS: list[tuple[Callable[[str], str], str]] = [
    (lambda word: _SPACES.sub("", word), "Only the spaces differ"),
    (lambda word: unicodedata.normalize("NFKC", word), "Only the Unicode form of a letter differs"),
    (str.casefold, "Only capital letters differ"),
    (lambda word: _FRACTION.sub("", word), "Only .0 differs"),
    (lambda word: _MARKS.sub("", word), "Only the marks between differ"),
    (lambda word: _ZEROS.sub("", word), "Only leading zeros differ"),
    (lambda word: word.translate(_LOOK_ALIKE), "Letters of two alphabets look alike"),
    (_transliterated, "It is the same in another script"),
]


def _forms(word: str) -> tuple[str, str]:
    """Give what a word looks like and what it sounds like, all slight differences folded."""
    if word.isascii():  # a million keys: 2 s
        plain = _ZEROS.sub("", _MARKS.sub("", _FRACTION.sub("", word.lower())))
        return plain, plain
    for fold, _ in _FOLDS[:-2]:
        word = fold(word)
    return word.translate(_LOOK_ALIKE), _transliterated(word)


def look_of(word: str) -> str:
    """Give what a word looks like: the same for words that spaces, capitals or letters of two alphabets tell apart."""
    return unicodedata.normalize("NFKC", _SPACES.sub("", word)).casefold().translate(_LOOK_ALIKE)


def is_slip(word: str, meant: str) -> bool:
    """Tell whether one letter too many, too few or wrong, or two exchanged, make the one word of the other."""
    for _ in range(2):  # what both begin with off and the rest turned round: then it is what both end in
        pairs = zip(word, meant, strict=False)
        common = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(word), len(meant)))
        word, meant = word[common:][::-1], meant[common:][::-1]
    return max(len(word), len(meant)) == 1 or (len(word) == len(meant) == 2 and word == meant[::-1])


class Nearest:
    """Finds the candidate nearest to a word; nothing is prepared before the first word is asked for."""

    def __init__(self, candidates: Iterable[str]) -> None:
        self._candidates = list(dict.fromkeys(candidates))
        self._by_form: dict[str, str] | None = None
        self._forwards: list[str] = []
        self._backwards: list[str] = []
        self._searches = 0
        self._found: dict[str, tuple[str, str] | None] = {}

    def _prepare(self) -> dict[str, str]:
        by_form: dict[str, str] = {}
        for candidate in self._candidates:
            for form in filter(None, _forms(candidate)):
                by_form.setdefault(form, candidate)
        if len(self._candidates) > _MAX_COMPARED:
            self._forwards = sorted(self._candidates)
            self._backwards = sorted(candidate[::-1] for candidate in self._candidates)
        return by_form

    def find_twin(self, word: str) -> tuple[str, str] | None:
        """Give a candidate that looks or sounds the same and what differs ("" where several things do), or None."""
        if self._by_form is None:
            self._by_form = self._prepare()
        for twin in (self._by_form.get(form) for form in _forms(word) if form):
            if twin is not None and twin != word:
                folds = _FOLDS[:-2] if twin.isascii() and word.isascii() else _FOLDS  # one alphabet
                return twin, next((said for fold, said in folds if fold(twin) == fold(word)), "")
        return None

    def find(self, word: str) -> tuple[str, str] | None:
        """Give the nearest candidate and what differs ("" where spelling does), or None."""
        if word not in self._found:
            self._found[word] = self.find_twin(word) or self._find_close(word)
        return self._found[word]

    def _find_close(self, word: str) -> tuple[str, str] | None:
        self._searches += 1
        if self._searches > _MAX_SEARCHES:
            return None
        close = difflib.get_close_matches(word, [c for c in self._pool(word) if c != word], n=1, cutoff=0.7)
        return (close[0], "") if close else None

    def _pool(self, word: str) -> list[str]:
        """Give the candidates to compare: all, or of many those that share the beginning or the end with the word."""
        if not self._forwards:
            return self._candidates
        forwards, backwards = bisect(self._forwards, word), bisect(self._backwards, word[::-1])
        same_end = self._backwards[max(0, backwards - _NEIGHBOURS) : backwards + _NEIGHBOURS]
        return self._forwards[max(0, forwards - _NEIGHBOURS) : forwards + _NEIGHBOURS] + [c[::-1] for c in same_end]

    def hint(self, word: str, otherwise: str, *, place: Callable[[str], str] = lambda _: "") -> str:
        """Ask whether the nearest candidate was meant, or say `otherwise`; `place` tells where a candidate stands."""
        found = self.find(word)
        if found is None:
            return otherwise
        candidate, reason = found
        where = place(candidate)
        return f"did you mean {candidate!r}{f' ({where})' if where else ''}?" + (f" {reason}" if reason else "")
