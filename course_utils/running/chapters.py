"""The chapters of the course: the notebooks folder, its syllabus, profiles and budgets, and notebooks named on the command line."""
import json
from dataclasses import dataclass
from pathlib import Path

import yaml

import course_utils
from course_utils.running import UsageError


@dataclass(frozen=True)
class Chapter:
    """A line of the table of contents. number: None for a notebook outside the syllabus; budget: seconds, or None."""
    number: int
    title: str
    path: Path
    items: int = 0
    budget: float = None

    @property
    def name(self):
        return self.path.stem


@dataclass(frozen=True)
class Course:
    """folder: the notebooks'; chapters: all of the syllabus, written or not; profiles: {profile: {notebook: {parameter: value}}}."""
    folder: Path
    chapters: list
    profiles: dict

    @property
    def present(self):
        return [chapter for chapter in self.chapters if chapter.path.exists()]


def find_course():
    """The course of the current folder (it, or its subfolder notebooks), else of the checkout this package is installed from.

    Raises UsageError where there is none, or where its files cannot be read.
    """
    here = Path.cwd()
    places = [here / "notebooks", here, Path(course_utils.__file__).resolve().parents[1] / "notebooks"]
    folder = next((place for place in places if (place / "syllabus.yaml").is_file()), None)
    if folder is None:
        raise UsageError("there are no notebooks here: run this in the project's folder, the one that has notebooks/syllabus.yaml")
    profiles, budgets = _read_profiles(folder / "profiles.yaml")
    chapters = []
    for entry in _read_yaml(folder / "syllabus.yaml"):
        path = folder / entry["notebook"]
        chapters.append(Chapter(entry["chapter"], entry["title"], path, len(entry["items"]), budgets.get(path.stem)))
    _check_names("profiles.yaml", [name for overrides in profiles.values() for name in overrides] + list(budgets), chapters)
    return Course(folder, chapters, profiles)


def select(course, names):
    """Chapters for names such as 1, 01, 01_introduction, 01_introduction.ipynb or a path; without names all that are written.

    Raises UsageError for a notebook that does not exist, naming those that do.
    """
    if not names and not course.present:
        raise UsageError(f"there is no notebook in {course.folder}")
    chapters = [_find(course, name) for name in names] if names else course.present
    chapters = list(dict.fromkeys(chapters))
    for chapter in chapters:
        if any(other is not chapter and other.name == chapter.name for other in chapters):
            raise UsageError(f"two of the notebooks are called {chapter.name}: run them one at a time, or with different --out")
    return chapters


def overrides(course, profile, chapter):
    """{parameter: value} that a profile sets in a chapter. Raises UsageError for a profile that does not exist."""
    if profile is None:
        return {}
    if profile not in course.profiles:
        raise UsageError(f'there is no profile "{profile}": use one of {", ".join(course.profiles) or "none, profiles.yaml is empty"}')
    return course.profiles[profile].get(chapter.name) or {}


def read_cells(path):
    """The cells of a notebook, each with its source as one string. Raises UsageError if the file is not a notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path.name} is no notebook that can be read ({error}): restore it, for example with git checkout") from None
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def _find(course, name):
    by_name = {chapter.name: chapter for chapter in course.chapters}
    by_number = {str(chapter.number): chapter for chapter in course.chapters}
    chapter = by_number.get(name.lstrip("0")) or by_name.get(name.removesuffix(".ipynb"))
    if chapter is None and name.endswith(".ipynb") and Path(name).is_file():
        path = Path(name).resolve()
        chapter = next((known for known in course.chapters if known.path.resolve() == path), Chapter(None, path.stem, path))
    known = ", ".join(known.name for known in course.present) or "none yet"
    if chapter is None:
        raise UsageError(f'there is no notebook "{name}": use the number or the name of one of {known}, or the path of a notebook')
    if not chapter.path.exists():
        raise UsageError(f"chapter {chapter.number}, {chapter.path.name}, is not in {course.folder.name}/: there are {known}")
    return chapter


def _read_yaml(path):
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None


def _read_profiles(path):
    if not path.exists():
        return {}, {}
    content = _read_yaml(path) or {}
    profiles = {name: chapters or {} for name, chapters in (content.get("profiles") or {}).items()}
    return profiles, content.get("budgets") or {}


def _check_names(file, names, chapters):
    known = [chapter.name for chapter in chapters]
    for name in names:
        if name not in known:
            raise UsageError(f'{file} names a notebook "{name}" that is not in the syllabus: use one of {", ".join(known)}')
