"""setup_venv.py: what it says of an old Python, a missing network and a half-made .venv, and that a second call is quick."""
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
import setup_venv  # noqa: E402

Version = namedtuple("Version", "major minor micro releaselevel serial")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project folder whose commands are recorded instead of run; `failing` names a word that makes a command fail."""
    for name in ("requirements.lock", "pyproject.toml", "setup_venv.py"):
        (tmp_path / name).write_text(name)
    for name, path in {"HERE": "", "VENV": ".venv", "PYTHON": ".venv/bin/python", "STAMP": ".venv/installed"}.items():
        monkeypatch.setattr(setup_venv, name, str(tmp_path / path))
    commands, failing = [], []

    def call(command, **kwargs):
        if kwargs.get("stdout"):  # the silent question whether something works
            return 0 if Path(command[0]).exists() else 1
        commands.append(command)
        if "venv" in command:
            (tmp_path / ".venv" / "bin").mkdir(parents=True)
            (tmp_path / ".venv" / "bin" / "python").touch()
        return int(any(word in command for word in failing))

    monkeypatch.setattr(subprocess, "call", call)
    return tmp_path, commands, failing


def test_a_second_call_runs_nothing(project):
    folder, commands, _ = project
    setup_venv.main()
    assert len(commands) == 4
    commands.clear()
    setup_venv.main()
    assert commands == []


def test_a_changed_lock_installs_again_into_the_same_environment(project):
    folder, commands, _ = project
    setup_venv.main()
    commands.clear()
    (folder / "requirements.lock").write_text("newer")
    setup_venv.main()
    assert len(commands) == 3 and not any("venv" in command for command in commands)


def test_a_half_made_environment_is_made_anew(project, capsys):
    folder, commands, _ = project
    (folder / ".venv").mkdir()
    (folder / ".venv" / "rubbish").touch()
    setup_venv.main()
    assert "half-made" in capsys.readouterr().out
    assert not (folder / ".venv" / "rubbish").exists() and (folder / ".venv" / "installed").exists()


@pytest.mark.parametrize("word, sentence", [("venv", "python3-venv"), ("uv>=0.5", "network"), ("--require-hashes", "network")])
def test_a_failure_is_one_sentence_and_is_not_taken_for_done(project, word, sentence):
    folder, commands, failing = project
    failing.append(word)
    with pytest.raises(SystemExit, match=sentence) as stopped:
        setup_venv.main()
    assert "\n" not in str(stopped.value)
    failing.clear()
    setup_venv.main()
    assert (folder / ".venv" / "installed").exists()


def test_an_old_python_is_told_so(project, monkeypatch):
    monkeypatch.setattr(sys, "version_info", Version(3, 8, 1, "final", 0))
    with pytest.raises(SystemExit, match=r"this is Python 3\.8, the course needs 3\.10 or newer"):
        setup_venv.main()
