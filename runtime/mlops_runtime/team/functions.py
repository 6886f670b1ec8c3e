"""Calls the team's functions, and distinguishes their mistakes from the platform's."""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mlops_runtime.errors import Lasting, PlatformError, TeamError

TeamFunction = Callable[..., Any]


def load(root: Path, file: str, function: str) -> TeamFunction:
    """The named function of a file, which may import modules from its folder.

    The module gets a unique name, so that two folders may both have a `train.py`. Raises `PlatformError` if
    the file or the function is missing, or if the file cannot be imported.
    """
    path = root / file
    if not path.is_file():
        raise Lasting(f"The file {file} does not exist, though a step calls its function '{function}'.")
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    name = f"team_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # always true for a .py file
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look modules up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise _team_error(path, root, f"{file} cannot be imported", error) from error
    found = getattr(module, function, None)
    if not callable(found):
        known = [key for key, value in vars(module).items() if inspect.isfunction(value)]
        near = difflib.get_close_matches(function, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(sorted(known)) or 'none'}."
        raise Lasting(f"{file} has no function '{function}'; {hint}")
    return found  # type: ignore[no-any-return]


def call(
    root: Path, function: TeamFunction, offered: Mapping[str, Any], optional: Mapping[str, Any] | None = None
) -> Any:
    """Calls the function with all of `offered`, and with those of `optional` that it has parameters for.

    Raises `PlatformError` if its parameters do not match, or if the team's code fails.
    """
    arguments = _arguments(root, function, offered, optional or {})
    try:
        return function(**arguments)
    except PlatformError:
        raise
    except (Exception, SystemExit) as error:  # `sys.exit(0)` would look like success, with nothing published
        path = Path(inspect.getfile(function))
        raise _team_error(path, root, f"{function.__name__} failed", error) from error


def returned_frames(
    root: Path, function: TeamFunction, result: Any, writes: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """The returned frames by table name. Raises `PlatformError` unless they are those of `writes`."""
    frames = {writes[0]: result} if len(writes) == 1 and not isinstance(result, dict) else result
    if not writes:
        if result is None:
            return {}
        raise Lasting(
            f"{_place(root, function)} returned {type(result).__name__}, and its step writes nothing: "
            "state the table under `writes`, or return nothing."
        )
    if not isinstance(frames, dict):
        problem = f"returned {type(result).__name__}, not a dictionary of frames by table name"
    elif set(frames) != set(writes):
        problem = f"returned {_quoted(frames) or 'no frame'}"
    elif wrong := [name for name, frame in frames.items() if not isinstance(frame, pd.DataFrame)]:
        problem = f"returned {type(frames[wrong[0]]).__name__} for '{wrong[0]}', not a pandas DataFrame"
    else:
        return frames
    raise Lasting(
        f"{_place(root, function)} {problem}; it is called by a step that writes {_quoted(writes)}."
    )


def _arguments(
    root: Path, function: TeamFunction, offered: Mapping[str, Any], optional: Mapping[str, Any]
) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    extra = [name for name in offered if name not in parameters and not takes_all]
    if extra:
        raise Lasting(
            f"{_place(root, function)} has no parameter {_quoted(extra)}, which its step gives it "
            "(`reads` and `with` are passed by name)."
        )
    arguments = {**offered, **{name: value for name, value in optional.items() if name in parameters}}
    needed = [name for name, parameter in parameters.items() if _is_required(parameter)]
    lacking = [name for name in needed if name not in arguments]
    if lacking:
        raise Lasting(
            f"{_place(root, function)} needs {_quoted(lacking)}, which its step does not give: "
            "name a table under `reads`, or a value under `with`."
        )
    return arguments


def _is_required(parameter: inspect.Parameter) -> bool:
    variadic = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    return not variadic and parameter.default is parameter.empty


def _team_error(path: Path, root: Path, what: str, error: BaseException) -> TeamError:
    """Prints the traceback's frames in the team's code to stderr, without the platform's and libraries'."""
    folder = str(path.parent)
    stack = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in stack if frame.filename.startswith(folder)]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        place = f"{_relative(Path(error.filename), root)}:{error.lineno}"
    else:
        place = (
            f"{_relative(Path(own[-1].filename), root)}:{own[-1].lineno}" if own else _relative(path, root)
        )
    sys.stderr.write("".join(traceback.format_list(own)))
    message = str(error).strip().splitlines()
    reason = f"{type(error).__name__}: {message[0]}" if message else type(error).__name__
    return TeamError(f"The team's code, {place}: {what} with {reason}")


def _place(root: Path, function: TeamFunction) -> str:
    code = inspect.unwrap(function)
    file = _relative(Path(inspect.getfile(code)), root)
    return f"{file}:{inspect.getsourcelines(code)[1]}: the function '{function.__name__}'"


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _quoted(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in names)
