"""Parameters: read from their cell, given in text, checked for type, name and effect."""
import pytest

from course_utils.running import UsageError
from course_utils.running.parameters import not_injected, parse_assignment, parse_seeds, read_parameters, resolve, without_effect

PARAMETERS = 'seed = 0  # of every random generator\ndata = "auto"\nepochs = 3  # passes: whole\nrate = 0.1'


def code(source, *tags):
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def test_parameters_are_read_with_defaults_and_comments():
    found = read_parameters([code("x = 1"), code(PARAMETERS, "parameters")], "t")
    assert {name: (parameter.default, parameter.help) for name, parameter in found.items()} == {
        "seed": (0, "of every random generator"), "data": ("auto", ""), "epochs": (3, "passes: whole"), "rate": (0.1, "")}
    assert read_parameters([code("x = 1")], "t") == {}
    with pytest.raises(UsageError, match="may hold only lines such as"):
        read_parameters([code("x = 2 * y", "parameters")], "t")


@pytest.mark.parametrize("default, text, value", [
    (3, "20", 20), (0.1, "1e-3", 0.001), (0.1, "2", 2.0), (False, "true", True), ("auto", "cuda:0", "cuda:0"), ("auto", "3", "3"),
    ([1, 2], "[3, 4, 5]", [3, 4, 5]), (None, "7", 7), (3, 5, 5), (0.5, 1, 1.0)])
def test_values_take_the_type_of_the_default(default, text, value):
    found = resolve({"x": text}, read_parameters([code(f"x = {default!r}", "parameters")], "t"), "t")["x"]
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize("default, text", [(3, "abc"), (3, "2.5"), (3, "true"), (True, "1"), ([1], "1"), (0.1, "[1"), (3, "[1")])
def test_a_value_of_another_type_is_refused(default, text):
    with pytest.raises(UsageError, match="of type"):
        resolve({"x": text}, read_parameters([code(f"x = {default!r}", "parameters")], "t"), "t")


def test_an_unknown_parameter_names_the_known():
    with pytest.raises(UsageError, match='t has no parameter "epoch": it has seed, data, epochs, rate'):
        resolve({"epoch": "3"}, read_parameters([code(PARAMETERS, "parameters")], "t"), "t")


@pytest.mark.parametrize("text", ["epochs", "=3", "a b=3", "1a=3"])
def test_a_parameter_is_name_and_value(text):
    with pytest.raises(UsageError, match="write name=value"):
        parse_assignment(text)
    assert parse_assignment("name=a=b") == ("name", "a=b")


@pytest.mark.parametrize("text, seeds", [("0-3", [0, 1, 2, 3]), ("0,3,5", [0, 3, 5]), ("7", [7]), ("2,0-2", [2, 0, 1])])
def test_seeds_are_a_range_or_a_list(text, seeds):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "3-1", "a", "1,,2", "-1", "1-2-3"])
def test_other_seeds_are_refused(text):
    with pytest.raises(UsageError, match="write 0-9 or 0,3,5"):
        parse_seeds(text)


@pytest.mark.parametrize("source, idle", [
    ("print(x)", False), ("x = x + 1", False), ("x += 1", False), ("device = start(x).device", False), ("def f():\n    return x", False),
    ("%matplotlib inline\nprint(x)", False), ("session = start(x=x)\nx = session.x", False), ("[x for _ in range(3)]", False),
    ("for y in x: pass", False), ("x = 3\nprint(x)", True), ("for x in range(3): print(x)", True), ("y = 1", True),
    ("with open('f') as x: x.read()", True), ("f'{x}'", False)])
def test_a_parameter_that_is_never_read_has_no_effect(source, idle):
    assert without_effect(["x"], [code("x = 1", "parameters"), code(source)]) == (["x"] if idle else [])


def test_what_papermill_injected_is_compared_with_what_was_asked_for():
    cells = [code("x = 1", "parameters"), code("# Parameters\nx = 2\ny = [1, 'a']", "injected-parameters")]
    assert not_injected({"x": 2, "y": [1, "a"]}, cells, "t") == []
    assert not_injected({"x": 3, "z": 1}, cells, "t") == ["x", "z"]
