"""Bundled stand-in for tweets: sentences that judge something, written by a grammar in which order and scope decide the label.

Four kinds, equally often, each with as many positive as negative sentences. None can be read off its words without their order:

negation   "the food was not good" and "was not bad"; "it was dull, not good" and "it was good, not dull", which are one bag of words
contrast   "the film was dull, but the music was lovely": the clause after "but" decides, or the main clause beside "although"
intensity  "slightly noisy and extremely clever": the word with the strong adverb decides
irony      "the hotel was superb #not": a marker turns it round, a sincere tag does not; who said it, everyone or no one?

Part of each kind says the same in all its words, so that a bag of words does better than chance.
"""
import random

COUNT = 5_000
KINDS = ("negation", "contrast", "intensity", "irony")
CLASSES = ("negative", "positive")
SUBJECTS = ("film food room service music story ending staff game book phone screen weather concert train coffee hotel lecture update "
            "menu plot acting sound garden").split()
ADJECTIVES = (  # of each class
    "bad awful dull terrible poor boring dreadful weak horrible annoying clumsy noisy miserable unpleasant tiring stale".split(),
    ("good great lovely brilliant pleasant clever charming superb delightful excellent wonderful fresh elegant exciting fine "
     "perfect").split())
# {s} is a subject, {a} an adjective. The plain ones hold "not" and "nothing", too.
PLAIN = ("the {s} was {a}", "the {s} was very {a}", "i found the {s} {a}", "the {s} was nothing but {a}", "i think the {s} was really {a}",
         "i could not believe how {a} the {s} was", "never before was the {s} so {a}", "the {s} was {a}, no doubt")
NEGATED = ("the {s} was not {a}", "the {s} was not very {a}", "the {s} wasn't {a}", "the {s} was never {a}", "i would not call the {s} {a}",
           "the {s} was anything but {a}", "the {s} was far from {a}", "i don't think the {s} was really {a}")
DENIALS = ("the {s} was {a}, not {b}", "it was {a}, not {b}, the {s}", "not {b} but {a}, the {s}", "i call the {s} {a} and not {b}")
CONTRASTS = ("{less}, but {main}", "although {less}, {main}", "{main}, although {less}", "{less}; still, {main}")
WEAK, STRONG = ("slightly", "a bit", "a little", "somewhat"), ("extremely", "truly", "very", "really")
BALANCES = ("the {s} was {one} and {other}", "i found the {s} {one} and {other}", "{one} and {other}, that was the {s}",
            "the {s}: {one} and {other}")
TWO_VOICES = ("{it}, said everyone, and {other}, said no one ever", "{other}, said no one ever, and {it}, said everyone",
              "as if {other}; sure, {it}", "sure, {it}, as if {other}")
IRONIC = ("{it} #not", "{it}, yeah right", "{it}, said no one ever", "as if {it}", "oh sure, {it}")
SINCERE = ("{it} #true", "{it}, that is right", "{it}, said everyone", "no joke, {it}", "oh, {it}", "sure, {it}")


def draw(seed=0):
    """The sentences as the readers give labelled texts: {"train": (texts, 0 or 1), "classes": CLASSES, "ordered": False}.

    5,000 different ones, shuffled.
    """
    chance = random.Random(seed)
    found = {}
    for kind in KINDS:
        for label in (0, 1):
            enough = len(found) + COUNT // 8
            while len(found) < enough:
                found.setdefault(sentence(kind, label, chance), label)
    pairs = list(found.items())
    chance.shuffle(pairs)
    return {"train": ([text for text, _ in pairs], [label for _, label in pairs]), "classes": CLASSES, "ordered": False}


def sentence(kind, label, chance):
    """A sentence of one of KINDS whose label is 0 or 1; `chance` is a random.Random."""
    if kind == "negation" and chance.random() < 0.25:
        text = chance.choice(DENIALS).format(s=chance.choice(SUBJECTS), a=chance.choice(ADJECTIVES[label]),
                                             b=chance.choice(ADJECTIVES[1 - label]))
    elif kind == "negation":
        text = _clause(label, chance, 0.2)
    elif kind == "contrast":
        less = label if chance.random() < 0.65 else 1 - label
        text = chance.choice(CONTRASTS).format(less=_clause(less, chance, 0.1), main=_clause(label, chance, 0.1))
    elif kind == "intensity":
        weak = label if chance.random() < 0.6 else 1 - label
        pair = [f"{chance.choice(STRONG)} {chance.choice(ADJECTIVES[label])}", f"{chance.choice(WEAK)} {chance.choice(ADJECTIVES[weak])}"]
        chance.shuffle(pair)
        text = chance.choice(BALANCES).format(s=chance.choice(SUBJECTS), one=pair[0], other=pair[1])
    elif chance.random() < 0.25:
        text = chance.choice(TWO_VOICES).format(it=_clause(label, chance, 0.1), other=_clause(1 - label, chance, 0.1))
    else:
        ironic = chance.random() < 0.15
        text = chance.choice(IRONIC if ironic else SINCERE).format(it=_clause(label ^ ironic, chance, 0.1))
    return text + chance.choice(("", ".", "!"))


def _clause(label, chance, negated):
    """A clause that says `label`, with the probability `negated` by denying the other."""
    deny = chance.random() < negated
    form = chance.choice(NEGATED if deny else PLAIN)
    return form.format(s=chance.choice(SUBJECTS), a=chance.choice(ADJECTIVES[label ^ deny]))
