"""The course's sets of text with a few lines in each file: the names and folders of the real ones, and contents of the same layout."""
import gzip
import io
import zipfile
from dataclasses import replace

from tiny import checked

from course_utils.data.registry_text import TEXTS

TWEETS = [(0, "@user so   sad :("), (4, "I &lt;3 it, @user"), (0, "So sad :( www.a.b"), (4, "great day"), (4, "Great  day"),
          (0, "great day"), (4, "@Some_One hello")]
TWEETS += [(4 * (number % 2), f"tweet number {'ab'[number % 2]} {number}") for number in range(40)]
JUDGED = [(4, "caf\xe9 is good"), (2, "neutral"), (0, "tweet number a 0"), (0, "bad, bad")]
WORDS = ("the", "king", "caf\xe9", "man", "cat")
NOVEL = ("CHAPTER I\n\nIt was  the best\nof times. He said {0}, so it was. She had {0} cats in the {0} houses.\n\n"
         "Table 1. OF CONTENTS 2. Here\n")


def rows(tweets, header=""):
    """The lines of a file of tweets."""
    return header + "".join(f'"{label}","{number}","Mon","NO_QUERY","a name","{text}"\n' for number, (label, text) in enumerate(tweets))


def packed(files):
    """The bytes of a zip archive."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def vector(word):
    """Fifty numbers for a word, as they stand in a file of vectors."""
    return [round(len(word) + place / 8, 3) for place in range(50)]


VECTORS = "".join(f"{word} {' '.join(map(str, vector(word)))}\n" for word in WORDS).encode()
JUDGED_FILE = rows(JUDGED).encode("latin-1")
SAMPLE = rows(TWEETS, "target,ids,date,flag,user,text\n").encode()
WHOLE = packed({"training.1600000.processed.noemoticon.csv": rows([*TWEETS, (4, "only in the caf\xe9")]).encode("latin-1"),
                "testdata.manual.2009.06.14.csv": JUDGED_FILE})
WIKIPEDIA = (" \n = A title = \n \n The <unk> is {0} . It was built in {0} , and later sold . \n \n = = Part = = \n "
             "Nothing is left of {0} . \n")
CONTENTS = {
    "trainingandtestdata.zip": WHOLE, "sentiment140_sample_20000.csv": SAMPLE, "testdata.manual.2009.06.14.csv": JUDGED_FILE,
    "glove.6B.50d.txt": VECTORS, "glove.6B.zip": packed({"glove.6B.100d.txt": b"not this", "glove.6B.50d.txt": VECTORS}),
    "glove.6B.50d.txt.gz": gzip.compress(b"".join(VECTORS.splitlines(True)[:3]), mtime=0),
    "test.txt": WIKIPEDIA.format("old").encode(), "valid.txt": WIKIPEDIA.format("new").encode(),
    "input.txt": b"First:\nSpeak.\n\nAll:\nWe speak,\nwe do.\n\nFirst:\nNo.\n", "names.txt": b"emma\nolivia\nemma\nava",
    "questions-words.txt": b": capitals\nAthens Greece Oslo Norway\n: family\nboy girl king queen\nman woman son daughter\n",
    "EN-WS-353-ALL.txt": b"love\tsex\t6.77\r\ntiger\tcat\t7.35\r\n"}


def content(folder, name):
    """The tiny file of that name."""
    if folder == "multi30k":
        part, language = name.split(".")[:2]
        same = "A man runs.\n" if part != "val" else ""  # in the training and the test part
        lines = {"en": f"{same}A {part} dog.\nTwo dogs.\n", "fr": f"{same and 'Un homme.'}\nUn chien.\nDeux.\n".lstrip("\n"),
                 "de": f"{same and 'Ein Mann.'}\nEin Hund.\nZwei.\n".lstrip("\n")}
        return gzip.compress(lines[language].encode(), mtime=0)
    stem = name.removesuffix(".txt")
    return {"names": f"{stem}son\nO'Neill\n{stem}\xe9\n".encode(), "books": NOVEL.format(stem.replace("_", " ")).encode()}.get(folder) or (
        CONTENTS[name])


def tiny(entry):
    """The entry of a set whose files are the tiny ones."""
    def remade(edition):
        made = tuple((tuple(checked(file.name, content(edition.folder, file.name)) for file in files),
                      archive and checked(archive.name, CONTENTS[archive.name])) for files, archive in edition.parts)
        return replace(edition, parts=made)

    return replace(entry, editions=tuple(map(remade, entry.editions)))


SETS = {name: tiny(entry) for name, entry in TEXTS.items()}


def fill(root, name, edition=-1, only=None):
    """Write the files of a set into the store `root`: those of its last edition, or another, or `only` the one of that name."""
    chosen = SETS[name].editions[edition]
    for files, archive in chosen.parts:
        for file in (*files, archive):
            if file and only in (None, file.name):
                (root / chosen.folder).mkdir(parents=True, exist_ok=True)
                (root / chosen.folder / file.name).write_bytes(content(chosen.folder, file.name))
    return root / chosen.folder
