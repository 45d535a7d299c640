"""Bundled stand-in for running text: the prose of Python's own documentation, as it lies in every Python.

It is what `help()` shows: the language reference in `pydoc_data.topics`, and the docstrings of the standard library, read from its
source files. The text differs a little from one version of Python to the next, so numbers measured on it do, too.
"""
import ast
import re
import sysconfig
import textwrap
from pathlib import Path

from course_utils.data.vocabulary import sentences

VERSION = 1  # of the cleaning; a copy kept by another version is made anew
LEFT_OUT = {"test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages", "turtledemo", "pydoc_data", "__pycache__",
            "encodings", "ensurepip", "_pyrepl", "__phello__"}
MARKUP = [(re.compile(pattern), new) for pattern, new in [
    (r"``([^`]*)``", r"\1"), (r":[\w:]+:`~?([^`]*)`", r"\1"), (r"`([^`<]*?)\s*(?:<[^>]*>)?`_*", r"\1"),
    (r"(?<!\w)\*{1,2}([^*\s](?:[^*]*[^*\s])?)\*{1,2}(?!\w)", r"\1"), (r"\|(\w+)\|", r"\1"), (r"(\w)\(\)", r"\1"), (r"\s*\[\d+\]_?", "")]]
CODE = re.compile(r">>>|::=|\.\.\.|==|[{}\\|^~]|__\w+__\(|\w\(.*\)|[=<>]{1,2}|\s[-+*/%]\s|http|@|--|\.\w+\(|_\w*_|\(c\)")


def draw():
    """The prose as the readers give running text: {"train": (sentences, []), "classes": (), "ordered": True}.

    Each sentence once, some hundred thousand words of them where the source files of the library are there, else those of the language
    reference alone.
    """
    from pydoc_data.topics import topics

    texts = [topics[name] for name in sorted(topics)]
    for path in _sources(Path(sysconfig.get_path("stdlib"))):
        texts += _docstrings(path)
    found = {sentence: None for text in texts for paragraph in re.split(r"\n\s*\n", text) for sentence in _prose(paragraph)}
    return {"train": (list(found), []), "classes": (), "ordered": True}


def _sources(folder):
    """The library's source files, in an order that is the same everywhere."""
    found = [path.relative_to(folder) for path in folder.rglob("*.py")]
    return [folder / path for path in sorted(found) if not LEFT_OUT & set(path.parts)]


def _docstrings(path):
    """The docstrings of a module, its classes and functions; of one that cannot be read, none."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return []
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, documented)]
    return [text for text in found if text]


def _prose(paragraph):
    """The sentences of a paragraph that are English, not code, headings, signatures or tables."""
    lines = textwrap.dedent(paragraph).strip().splitlines()
    if any(re.match(r"\s*([=*#~^\-+]{3,}|\.\. |>>>|[|+])", line) for line in lines):
        return []
    text = " ".join(line.strip().lstrip("*-• ") for line in lines)
    for pattern, new in MARKUP:
        text = pattern.sub(new, text)
    return [sentence.rstrip(":") + "." * sentence.endswith(":") for sentence in sentences(text) if _is_prose(sentence)]


def _is_prose(sentence):
    words = sentence.split()
    letters = sum(character.isalpha() or character.isspace() for character in sentence)
    return (len(words) > 4 and sentence[0].isupper() and sentence[-1] in ".!?:" and letters > 0.9 * len(sentence)
            and not CODE.search(sentence) and sum(word[0].islower() for word in words) > len(words) / 2)
