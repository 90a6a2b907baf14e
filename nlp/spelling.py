"""One word as typed into plain Indonesian: slang, stretched letters, digits for letters, `anak2`, loose clitics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from nlp.stem import Stemmer
from nlp.vowels import Worn

#: What a stretched word is read as beside its plain form.
STRESS = "emo_tekan"
#: Letters of a longer run are cut: no word of interest is that long.
LONGEST = 60

#: Cyrillic and Greek letters that pass for Latin ones.
LOOKALIKES = str.maketrans("аеорсухіјѕԁһкмтвнαεικνορτυχ", "aeopcyxijsdhkmtbhaeiknoptux")
DIGIT_LETTERS = str.maketrans("0134567890", "oieasgtbgo")
LETTERS_ONLY = re.compile(r"[^a-z0-9-]+")

LAUGHTER = re.compile(r"(?:wk|kw){2,}[wk]*|w+k+w+k*|(?:a?(?:ha|he|hi|ho)){2,}h?|(?:xi){2,}|lo+l|a?wo+k\w*|ngaka+k+|xd+")
SOBBING = re.compile(r"hu(?:hu)+|hi+ks+|hue+")
DOUBLED = re.compile(r"([a-z]{2,})2(nya|an|ku|mu|in|kan|lah)?")
RUN = re.compile(r"([a-z])\1{2,}")
PAIR = re.compile(r"([a-z])\1")
COUNTED = re.compile(r"(\d+)([a-z]+)|(rt|rw|no|blok|km|lt)(\d+)")
ENCLITICS = ("nya", "ku", "mu", "lah", "kah")
ENCLITIC = re.compile(rf"([a-z]{{2,}}?)({'|'.join(ENCLITICS)})")
#: How words end and begin whose affix is spoken rather than written.
WORN_ENDINGS, SPOKEN = ("ny", "x", "in"), ("ng", "d", "ke")
MIXED = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9]{4,}")


def plain(surface: str) -> str:
    """Lower-case Latin letters, digits and hyphens of a word: compatibility forms, look-alikes and marks undone."""
    if surface.isascii():
        if surface.isalpha():
            return surface.lower()
        return LETTERS_ONLY.sub("", surface.lower()).strip("-")
    word = unicodedata.normalize("NFKD", surface[: 4 * LONGEST]).lower()
    if any("a" <= letter <= "z" for letter in word):
        word = word.translate(LOOKALIKES)
    elif not any(letter.isascii() for letter in word):
        return unicodedata.normalize("NFC", word)
    return LETTERS_ONLY.sub("", word).strip("-")


@dataclass(frozen=True, slots=True)
class Speller:
    """Resolves spellings against the slang table, the known words and the stemmer."""

    slang: Mapping[str, str]
    vocabulary: frozenset[str]
    stemmer: Stemmer
    #: Common words, for what lost its vowels.
    worn: Worn

    def normal(self, surface: str) -> str:
        """The normal form of one word; several words where the spelling stands for several, "" where for none."""
        word = plain(surface)[:LONGEST]
        if LAUGHTER.fullmatch(word):
            return "emo_tawa"
        if SOBBING.fullmatch(word):
            return "emo_sedih"
        return self._resolved(word) or self._squeezed(word) or self._filled(surface, word) or word

    def _filled(self, surface: str, word: str) -> str | None:
        """`pnjlasan` to `penjelasan`; a word with one capital may be a name and stays."""
        if surface[:1].isupper() and not surface.isupper():
            return None
        whole = self.worn.whole(word)
        return whole and self._resolved(whole)

    def known(self, word: str) -> bool:
        """Whether `word` is in a dictionary or leads to a root of one."""
        return word in self.vocabulary or (len(word) > 3 and self.stemmer.stem(word) != word)

    def _resolved(self, word: str) -> str | None:
        """The normal form by table, dictionary or one of the spelling rules; None for an unknown word."""
        if word in self.slang:
            return self.slang[word]
        if "-" in word:
            return self._hyphenated(word)
        if self.known(word):
            return word
        if word.isalpha():
            return self._colloquial(word)
        return self._counted(word) or self._doubled(word) or self._disguised(word) or self._colloquial(word)

    def _plainly(self, word: str) -> str | None:
        """The normal form by table or dictionary only."""
        if word in self.slang:
            return self.slang[word]
        return word if self.known(word) else None

    def _hyphenated(self, word: str) -> str | None:
        """`anak-anak` stays one word; `lalu-lintas` and `e-ktp` become what their parts say."""
        parts = [part for part in word.split("-") if part]
        if word in self.vocabulary or (len(parts) == 2 and self._reduplicated(*parts)):
            return "-".join(self._plainly(part) or part for part in parts)
        return " ".join(self._plainly(part) or part for part in parts)

    def _reduplicated(self, first: str, second: str) -> bool:
        """Whether the halves of a word repeat one another: anak-anaknya, berlari-lari, pukul-memukul."""
        if len(first) < 2 or len(second) < 2:
            return False
        return first in second or second in first or self.stemmer.stem(second) == first

    def _doubled(self, word: str) -> str | None:
        """`anak2nya` to `anak-anaknya`."""
        match = DOUBLED.fullmatch(word)
        if match is None:
            return None
        base = match[1] if f"{match[1]}-{match[1]}" in self.vocabulary else self._plainly(match[1])
        return f"{base}-{base}{match[2] or ''}" if base and " " not in base else None

    def _counted(self, word: str) -> str | None:
        """`500rb` to `500 ribu`, `rt01` to `rt 01`."""
        match = COUNTED.fullmatch(word)
        if match is None:
            return None
        if match[3]:
            return f"{match[3]} {match[4]}"
        unit = self._plainly(match[2])
        return f"{match[1]} {unit}" if unit else None

    def _disguised(self, word: str) -> str | None:
        """`g4ji` to `gaji`."""
        return self._plainly(word.translate(DIGIT_LETTERS)) if MIXED.fullmatch(word) else None

    def _squeezed(self, word: str) -> str | None:
        """`banjiiiir` to `banjir`: runs of a letter shortened to what makes a known word, else to one letter.

        A run of three or more tells that the writer means it: a sign of its own stands behind the word.
        """
        if not PAIR.search(word):
            return None
        once = RUN.sub(r"\1", word)
        for candidate in (once, RUN.sub(r"\1\1", word), PAIR.sub(r"\1", once)):
            if candidate != word and (found := self._resolved(candidate)):
                return f"{found} {STRESS}" if RUN.search(word) and " " not in found else found
        return once if once != word else None

    def _colloquial(self, word: str) -> str | None:
        """Spoken affixes: tmnnya, bantuanya, rumahny, laporin, ngurus, dbantu, dirmh."""
        match = word.endswith(ENCLITICS) and ENCLITIC.fullmatch(word)
        if match and match[1] in self.slang and " " not in self.slang[match[1]]:
            return self.slang[match[1]] + match[2]
        if word.endswith("anya") and self.known(f"{word[:-2]}nya"):
            return f"{word[:-2]}nya"
        if word.endswith(WORN_ENDINGS):
            for ending, written in (("ny", "nya"), ("x", "nya"), ("in", "kan")):
                base = word.removesuffix(ending)
                if base != word and len(base) > 2 and (root := self._plainly(base)) and " " not in root:
                    return root + written
        if word[:1] in ("n", "m") and len(word) > 4 and self.stemmer.stem("me" + word) != "me" + word:
            return "me" + word
        if not word.startswith(SPOKEN):
            return None
        for start, written in (("nge", ""), ("ng", ""), ("di", "di "), ("ke", "ke "), ("d", "di")):
            rest = word.removeprefix(start)
            if rest != word and len(rest) > 2 and (root := self._plainly(rest)):
                return written + root
        return None
