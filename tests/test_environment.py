"""pyproject.toml, environment.yml, the lock file and the setup script agree, and name no package registry."""
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

tomllib = pytest.importorskip("tomllib") if sys.version_info >= (3, 11) else pytest.importorskip("tomli")
ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WANTED = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
LOCK = (ROOT / "requirements.lock").read_text()


def test_conda_users_get_the_same_list():
    conda, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][0], None
    pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][-1]["pip"]
    assert pip == [*WANTED, "--editable ."]
    assert conda == f"python{PROJECT['requires-python']}"


def test_only_torchtext_is_pinned():
    pinned = {Requirement(one).name for one in WANTED if any(not part.operator.startswith(">") for part in Requirement(one).specifier)}
    assert pinned == {"torchtext"}


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_satisfies_every_requirement(wanted):
    wanted = Requirement(wanted)
    versions = re.findall(rf"^{re.escape(wanted.name)}==(\S+)", LOCK, re.M)
    assert versions and all(version in wanted.specifier for version in versions)


def test_the_lock_is_hashed_and_names_no_host():
    packages = re.findall(r"^\S+==.*(?:\n .*)*", LOCK, re.M)
    assert packages and all("--hash=sha256:" in package for package in packages)
    assert "://" not in LOCK and "index-url" not in LOCK


def test_plain_make_says_what_each_target_does():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+)", said, re.M) == ["run", "lab", "test", "notebooks", "lock", "clean"]
