"""Imports point one way, the command line starts without torch, and files stay small."""
import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "course_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What each part may import of the package; a part may always import itself.
ALLOWED = {
    "__init__": set(), "frontend": set(), "device": set(), "data": {"device"}, "claims": {"frontend"}, "plotting": {"frontend"},
    "exercises": set(), "training": {"device", "frontend"}, "session": {"device", "data"}, "running": {"claims"},
    "cli": {"running", "data"},
}


def part(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full"
            yield from ([f"{node.module}.{name.name}" for name in node.names] if node.module == "course_utils" else [node.module])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    used = {name.split(".")[1] for name in imports(path) if name.startswith("course_utils.")}
    assert used <= ALLOWED[part(path)] | {part(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_star_imports_and_small_files(path):
    text = path.read_text(encoding="utf-8")
    assert not any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(ast.parse(text)))
    assert len(text.splitlines()) <= 220


def test_every_module_says_what_it_is_for():
    assert [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("module", ["course_utils", "course_utils.cli", "course_utils.claims"])
def test_starts_without_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
