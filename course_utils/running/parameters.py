"""The parameters of a notebook: reading its parameters cell, values from the command line, and what papermill injected."""
import ast
from dataclasses import dataclass

import yaml

from course_utils.running import UsageError


@dataclass(frozen=True)
class Parameter:
    """A line of the parameters cell: name = default  # help."""
    name: str
    default: object
    help: str


def read_parameters(cells, notebook):
    """{name: Parameter} of the cell tagged `parameters`, in its order; {} where no cell has the tag.

    Raises UsageError, naming the notebook, if that cell holds anything but assignments of literals.
    """
    source = next((cell["source"] for cell in cells if "parameters" in _tags(cell)), "")
    return {name: Parameter(name, *rest) for name, *rest in _assignments(source, notebook)}


def parse_assignment(text):
    """("epochs", "20") from "epochs=20". Raises UsageError for anything else."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise UsageError(f'"{text}" is no parameter: write name=value, such as epochs=20')
    return name.strip(), value.strip()


def parse_seeds(text):
    """[0, 1, 2, 3] from "0-3", [0, 3, 5] from "0,3,5". Raises UsageError for anything else."""
    seeds = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or (dash and int(last) < int(first)):
            raise UsageError(f'"{text}" is no list of seeds: write 0-9 or 0,3,5')
        seeds += range(int(first), int(last or first) + 1)
    return list(dict.fromkeys(seeds))


def resolve(wanted, parameters, notebook):
    """`wanted` ({name: value}, the value a YAML text or already parsed) with every value in the type of the parameter's default.

    Raises UsageError for a name the notebook does not have, naming those it has, and for a value of another type.
    """
    for name in wanted:
        if name not in parameters:
            raise UsageError(f'{notebook} has no parameter "{name}": it has {", ".join(parameters) or "none"}')
    return {name: _convert(value, parameters[name], notebook) for name, value in wanted.items()}


def without_effect(names, cells):
    """Those of `names` that no cell after the parameters cell reads before it assigns them anew."""
    place = next(index for index, cell in enumerate(cells) if "parameters" in _tags(cell))
    first_use = {}
    for cell in cells[place + 1:]:
        if cell["cell_type"] == "code" and "injected-parameters" not in _tags(cell):
            for name, context in _uses(cell["source"]):
                first_use.setdefault(name, context)
    return [name for name in names if not isinstance(first_use.get(name), ast.Load)]


def not_injected(wanted, cells, notebook):
    """Those of `wanted` ({name: value}) that an executed notebook's injected cell does not set to their value."""
    source = next((cell["source"] for cell in cells if "injected-parameters" in _tags(cell)), "")
    injected = {name: value for name, value, _ in _assignments(source, notebook)}
    return [name for name, value in wanted.items() if name not in injected or injected[name] != value]


def _tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def _assignments(source, notebook):
    """(name, value, comment) of every line of a cell of assignments."""
    try:
        for node in ast.parse(source).body:
            if not isinstance(node, ast.Expr):  # an expression is a docstring: it sets nothing
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                comment = source.splitlines()[node.end_lineno - 1].encode()[node.end_col_offset:].decode()
                yield target.id, ast.literal_eval(node.value), comment.partition("#")[2].strip()
    except (SyntaxError, ValueError, AttributeError):
        raise UsageError(f"{notebook}: its parameters cell may hold only lines such as epochs = 3") from None


def _convert(value, parameter, notebook):
    default = parameter.default
    if isinstance(value, str) and not isinstance(default, str):
        value = _parse(value, default)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if default is not None and type(value) is not type(default):
        raise UsageError(f"{notebook}: {parameter.name} = {value!r} is of type {type(value).__name__}, but the parameter is "
                         f"of type {type(default).__name__}, such as {default!r}")
    return value


def _parse(text, default):
    if isinstance(default, float):
        try:
            return float(text)  # to YAML 1.1, 1e-3 is a word
        except ValueError:
            return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _uses(source):
    """(name, ast.Load() or ast.Store()) of the names a cell's source uses, in the order in which Python runs them."""
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    yield from _walk(tree)


def _walk(node, local=False):
    """What a function or a comprehension assigns is its own; what it reads counts."""
    if isinstance(node, ast.Name) and (isinstance(node.ctx, ast.Load) or not local):
        yield node.id, node.ctx
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, ast.Load()
    local = local or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
                                       ast.GeneratorExp))
    # An assignment evaluates its right side first, and a loop what it runs over.
    first = [child for child in (getattr(node, "value", None), getattr(node, "iter", None)) if isinstance(child, ast.AST)]
    for child in first + [child for child in ast.iter_child_nodes(node) if child not in first]:
        yield from _walk(child, local)
