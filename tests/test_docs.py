"""The documentation and the command line are in step: every command and option is explained, every documented command exists."""
import argparse
import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from course_utils.cli import parser

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SHELL = re.compile(r"^ *(?:\$ )?((?:[A-Z_]+=\S+ )*course [a-z][^#\n]*)", re.M)
BLOCKS = "\n".join(re.findall(r"^```(?:bash|sh|console|)\n(.*?)^```", TEXT, re.M | re.S) + re.findall(r"^    .*$", TEXT, re.M)) + "\n"
INLINE = re.findall(r"`(course [a-z][^`\n]*)`", TEXT)
DOCUMENTED = sorted({found.strip() for found in SHELL.findall(BLOCKS)} | set(INLINE))


def commands(one=None, name="course"):
    """(full name, parser) of every command, and of the commands under it."""
    one = one or parser()
    groups = [action for action in one._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, one
    for group in groups:
        for word, child in group.choices.items():
            yield from commands(child, f"{name} {word}")


COMMANDS = dict(commands())
OPTIONS = [(name, action) for name, one in COMMANDS.items() for action in one._actions if action.dest != "help"]


def test_there_are_the_commands_of_the_design():
    assert {"course list", "course run", "course doctor", "course data list", "course data fetch", "course data verify"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_documentation(name):
    assert COMMANDS[name].description
    assert any(f" {line} ".startswith(f" {name} ") for line in DOCUMENTED), f"{name} is in neither README.md nor docs/"


@pytest.mark.parametrize("name, action", OPTIONS, ids=[f"{name} {action.dest}" for name, action in OPTIONS])
def test_every_option_has_help_and_stands_in_the_documentation(name, action):
    assert action.help
    for option in action.option_strings:
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", TEXT), f"{option} of {name} is in neither README.md nor docs/"


@pytest.mark.parametrize("line", DOCUMENTED)
def test_every_documented_command_exists(line):
    words = [word for word in shlex.split(line, comments=True) if not re.match(r"[A-Z_]+=", word)]
    if words[1:2] == ["COMMAND"] or "…" in line:
        return
    groups = {name.split()[1] for name in COMMANDS}
    assert words[1] in groups, line
    if f"course {words[1]}" in COMMANDS or len(words) > 2:
        with contextlib.redirect_stderr(io.StringIO()) as complaint, contextlib.suppress(SystemExit):
            if not {"NAME", "NOTEBOOK", "P"} & set(words):
                parser().parse_args(words[1:])
        needs_more = "the following arguments are required" in complaint.getvalue()
        assert not complaint.getvalue() or needs_more, complaint.getvalue()


def test_the_design_of_the_report_is_packed_with_the_code():
    assert "**/*.j2" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert list((ROOT / "course_utils" / "running").glob("*.j2"))
