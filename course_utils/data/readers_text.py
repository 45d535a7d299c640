"""The files of the real sets of text as plain Python; every file has been compared with its SHA-256 by then."""
import csv
import gzip
import html
import io
import re
import zipfile

from course_utils.data.files import DataError
from course_utils.data.vocabulary import sentences


def read(name, folder, files):
    """The set `name`, whose files (Checked) lie in `folder` (a Path).

    Of most sets a dictionary: "train", and where the set has them "valid" and "test", are pairs (texts, targets) of equally long lists,
    or (texts, []); "classes" are the names of targets that are numbers; "ordered" says that the texts are running text.
    Of Analogies {section: [four words]}, of WordSim353 [(word, word, score)], of GloVe the path of its file and the file's SHA-256.

    Raises DataError where the files, though the right ones, are not what the reader expects.
    """
    reader = {"Sentiment140": _tweets, "GloVe": _vectors, "Books": _books, "WikiText2": _wikipedia, "Shakespeare": _plays,
              "GivenNames": _given_names, "Surnames": _surnames, "Multi30k-fr": _captions, "Multi30k-de": _captions,
              "Analogies": _analogies, "WordSim353": _word_pairs}[name]
    try:
        return reader(folder, files)
    except (ValueError, IndexError, KeyError, EOFError, csv.Error, zipfile.BadZipFile) as error:
        raise DataError(f"a file of {name} is not laid out as it should be ({error})", "data/README.md says which files make it") from error


def _lines(path, encoding="utf-8"):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding=encoding, newline="\n") as file:
        return file.read().strip("\r\n").split("\n")


def _tweets(folder, files):
    if files[0].name.endswith(".zip"):  # the whole set: read where it lies, 240 MB uncompressed
        with zipfile.ZipFile(folder / files[0].name) as archive:
            parts = [_labelled(io.TextIOWrapper(archive.open(name), encoding="latin-1", newline=""))
                     for name in ("training.1600000.processed.noemoticon.csv", "testdata.manual.2009.06.14.csv")]
    else:
        parts = []
        for file, encoding in zip(files, ("utf-8", "latin-1")):
            with open(folder / file.name, encoding=encoding, newline="") as content:
                parts.append(_labelled(content))
    return {"train": parts[0], "test": parts[1], "classes": ("negative", "positive"), "ordered": False}


def _labelled(content):
    """Text, without the names of accounts, and label of each tweet that is labelled negative, 0, or positive, 4; nothing else of it."""
    pairs = [(re.sub(r"@\w+", "@user", html.unescape(row[5]).strip()), int(row[0] == "4"))
             for row in csv.reader(content) if row and row[0] in ("0", "4")]
    return [text for text, _ in pairs], [label for _, label in pairs]


def _vectors(folder, files):
    return folder / files[0].name, files[0].sha256


def _prose(texts):
    return {"train": (texts, []), "classes": (), "ordered": True}


def _books(folder, files):
    novels = [(folder / file.name).read_text(encoding="utf-8") for file in files]
    found = [sentence for novel in novels for paragraph in novel.split("\n\n") for sentence in sentences(paragraph)]
    return _prose([sentence for sentence in found if _is_running(sentence.split())])


def _is_running(words):
    """False for headings and tables of contents: most of their words are capitals or numbers."""
    return len(words) > 2 and sum(word[0].islower() for word in words) > len(words) / 3


def _wikipedia(folder, files):
    found = {}
    for file in files:
        lines = [line.strip() for line in _lines(folder / file.name)]
        found[file.name] = [sentence for line in lines if line and not line.startswith("=") for sentence in sentences(line)]
    return _prose(found["valid.txt"]) | {"test": (found["test.txt"], [])}


def _plays(folder, files):
    speeches = (folder / files[0].name).read_text(encoding="utf-8").split("\n\n")
    return _prose([speech.strip() for speech in speeches if speech.strip()])


def _given_names(folder, files):
    return {"train": (_lines(folder / files[0].name), []), "classes": (), "ordered": False}


def _surnames(folder, files):
    texts, targets, classes = [], [], sorted(file.name.removesuffix(".txt") for file in files)
    for label, name in enumerate(classes):
        found = [line.strip() for line in _lines(folder / f"{name}.txt") if line.strip()]
        texts += found
        targets += [label] * len(found)
    return {"train": (texts, targets), "classes": tuple(classes), "ordered": False}


def _captions(folder, files):
    def pair(first, second):
        both = [[line.strip() for line in _lines(folder / file.name)] for file in (first, second)]
        if len(both[0]) != len(both[1]):
            raise ValueError(f"{first.name} and {second.name} are not equally long")
        return tuple(both)

    return {"train": pair(*files[:2]), "valid": pair(*files[2:4]), "test": pair(*files[4:6]), "classes": (), "ordered": False}


def _analogies(folder, files):
    sections = {}
    for line in _lines(folder / files[0].name):
        if line.startswith(":"):
            section = sections.setdefault(line[1:].strip(), [])
        else:
            first, second, third, fourth = line.split()
            section.append((first, second, third, fourth))
    return sections


def _word_pairs(folder, files):
    rows = [line.split("\t") for line in _lines(folder / files[0].name)]
    return [(first, second, float(score)) for first, second, score in rows]
