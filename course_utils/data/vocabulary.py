"""From text to numbers: tokens, sentences, a vocabulary, padding."""
import re
from collections import Counter

import torch

PAD, UNK, BOS, EOS = "<pad>", "<unk>", "<bos>", "<eos>"
USER, URL = "<user>", "<url>"

TOKEN = re.compile(rf"""
    {"|".join([PAD, UNK, BOS, EOS, USER, URL])}
  | (?P<url>(?:https?://|www\.)\S+)
  | (?P<user>@\w+)
  | \#\w+
  | [:;=]['^-]?(?:[()\[\]/\\|*]|[dpo3](?!\w))    # :-) ;p =(   in lower case; a letter only if no word goes on there
  | \(['^-]?[:;=]                               # (:
  | <3 | \^_+\^
  | \d+(?:[.,:]\d+)*
  | [^\W\d_]+(?:'[^\W\d_]+)*                     # a word, with its apostrophes: don't
  | \w | \.\.\. | [^\w\s]
""", re.X)
# An end of a sentence: the mark and what closes with it, then blank, then what a sentence may begin with; not after Mr. or an initial.
END = re.compile(r"""(?<!\bMr)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\b[A-Z])(?<!e\.g)(?<!i\.e)(?<!\betc)
                     [.!?]["'”’)\]]*\s+(?=["'“‘(<_]*[A-Z<])""", re.X)


def tokenise(text):
    """The tokens of `text` (a list of strings): words in lower case, numbers, emoticons, marks; @names are <user>, links <url>.

    Tokenising the tokens, joined by blanks, gives them again.
    """
    kinds = {"url": URL, "user": USER}
    return [kinds.get(found.lastgroup, found[0]) for found in TOKEN.finditer(text.replace("’", "'").lower())]


def sentences(text):
    """The sentences of a paragraph (a list of strings), blanks and line ends made one blank."""
    text, first, found = " ".join(text.split()), 0, []
    for end in END.finditer(text):
        found.append(text[first:end.end()].strip())
        first = end.end()
    return [sentence for sentence in (*found, text[first:]) if sentence]


class Vocabulary:
    """The words of a corpus as numbers: 0 is padding, 1 any unknown word, then the words, the most frequent first.

    texts      lists of tokens (an iterable)
    min_count  a word must occur so often to be known
    max_size   at most that many numbers
    ends       2 begins and 3 ends what encode gives

    Of equally frequent words the alphabetically first comes first, so that the same texts give the same numbers in any order.
    """

    def __init__(self, texts, *, min_count=1, max_size=None, ends=False):
        counts = Counter(token for text in texts for token in text)
        special = [PAD, UNK, BOS, EOS] if ends else [PAD, UNK]
        known = sorted((word for word, count in counts.items() if count >= min_count and word not in special),
                       key=lambda word: (-counts[word], word))
        self.ends, self.words = ends, (special + known)[:max_size]
        self.index = {word: number for number, word in enumerate(self.words)}
        self.counts = [counts[word] for word in self.words]

    def __len__(self):
        return len(self.words)

    def __contains__(self, word):
        return word in self.index

    def encode(self, tokens):
        """The numbers (a list) of `tokens`, between 2 and 3 if the vocabulary has `ends`."""
        numbers = [self.index.get(token, 1) for token in tokens]
        return [2, *numbers, 3] if self.ends else numbers

    def decode(self, numbers):
        """The tokens (a list) of `numbers` (a list or a tensor), without padding; with `ends`, without 2 and up to the first 3."""
        numbers = [int(number) for number in numbers]
        if self.ends:
            numbers = [number for number in numbers[:numbers.index(3) if 3 in numbers else None] if number != 2]
        return [self.words[number] for number in numbers if number != 0]


def pad(sequences, device="cpu"):
    """Lists of numbers as one tensor, int64 (B, T), T the longest, filled up with 0; and their lengths, int64 (B,), on the CPU.

    The lengths stay on the CPU, where torch.nn.utils.rnn.pack_padded_sequence wants them. Raises ValueError for an empty sequence.
    """
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    if len(lengths) == 0 or lengths.min() == 0:
        raise ValueError("nothing to pad: every sequence needs at least one number")
    longest = lengths.max().item()
    return torch.tensor([list(sequence) + [0] * (longest - len(sequence)) for sequence in sequences]).to(device), lengths
