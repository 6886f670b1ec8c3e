from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.team import functions

CODE = """
import pandas as pd
from mlops_runtime.errors import Skipped
from sibling import FACTOR

def scale(trips, by=1):
    return trips * by * FACTOR

def named(context, trips):
    return context

def fails(trips):
    return trips["nothing"]

def refuses(trips):
    raise Skipped("no")

def main():
    return FACTOR
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "work.py").write_text(CODE)
    (tmp_path / "code" / "sibling.py").write_text("FACTOR = 10\n")
    return tmp_path


def test_a_function_imports_from_its_own_folder(root: Path) -> None:
    scale = functions.load(root, "code/work.py", "scale")
    assert functions.call(root, scale, {"trips": 2, "by": 3}) == 60


def test_two_files_of_one_name_do_not_meet(root: Path) -> None:
    (root / "other").mkdir()
    (root / "other" / "work.py").write_text("def main():\n    return 'other'\n")
    first = functions.load(root, "code/work.py", "main")
    second = functions.load(root, "other/work.py", "main")
    assert (first(), second()) == (10, "other")


def test_the_context_is_given_to_those_who_ask(root: Path) -> None:
    named, scale = (functions.load(root, "code/work.py", name) for name in ("named", "scale"))
    assert functions.call(root, named, {"trips": 2}, {"context": "it"}) == "it"
    assert functions.call(root, scale, {"trips": 2}, {"context": "it"}) == 20


@pytest.mark.parametrize(
    ("offered", "sentence"),
    [
        ({"trips": 1, "to": 2}, r"code/work\.py:6: the function 'scale' has no parameter 'to'"),
        ({"by": 2}, r"code/work\.py:6: the function 'scale' needs 'trips'"),
    ],
    ids=["too much", "too little"],
)
def test_parameters_that_do_not_fit_are_a_sentence(
    root: Path, offered: dict[str, int], sentence: str
) -> None:
    with pytest.raises(PlatformError, match=sentence):
        functions.call(root, functions.load(root, "code/work.py", "scale"), offered)


def test_a_mistake_in_the_teams_code_is_called_that_and_located(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = functions.load(root, "code/work.py", "fails")
    with pytest.raises(
        PlatformError, match=r"^The team's code, code/work\.py:13: fails failed with KeyError"
    ):
        functions.call(root, fails, {"trips": pd.DataFrame()})
    traceback = capsys.readouterr().err
    assert 'return trips["nothing"]' in traceback
    assert "pandas" not in traceback


def test_a_sentence_of_ours_passes_through_the_teams_code(root: Path) -> None:
    with pytest.raises(Skipped, match=r"^no$"):
        functions.call(root, functions.load(root, "code/work.py", "refuses"), {"trips": 1})


@pytest.mark.parametrize("status", ["0", "'bye'", ""])
def test_code_that_exits_has_failed_whatever_its_status(root: Path, status: str) -> None:
    (root / "code" / "exits.py").write_text(f"import sys\ndef load():\n    sys.exit({status})\n")
    with pytest.raises(PlatformError, match=r"code/exits\.py:3: load failed with SystemExit"):
        functions.call(root, functions.load(root, "code/exits.py", "load"), {})
    (root / "code" / "script.py").write_text(f"import sys\nsys.exit({status})\n")
    with pytest.raises(PlatformError, match=r"code/script\.py:2: .* cannot be imported with SystemExit"):
        functions.load(root, "code/script.py", "load")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "import nowhere_at_all\n",
            r"code/bad\.py:1: code/bad\.py cannot be imported with ModuleNotFoundError",
        ),
        ("x = 1\ndef f(:\n", r"code/bad\.py:2: code/bad\.py cannot be imported with SyntaxError"),
        ("def lod():\n    pass\n", r"no function 'load'; did you mean 'lod'\?"),
    ],
    ids=["import", "syntax", "name"],
)
def test_a_file_that_does_not_load_is_a_sentence(root: Path, code: str, sentence: str) -> None:
    (root / "code" / "bad.py").write_text(code)
    with pytest.raises(PlatformError, match=sentence):
        functions.load(root, "code/bad.py", "load")


def test_returned_frames_are_matched_with_the_tables_that_the_step_writes(root: Path) -> None:
    main, frame = functions.load(root, "code/work.py", "main"), pd.DataFrame()

    def returned(result: object, *writes: str) -> list[str]:
        return list(functions.returned_frames(root, main, result, writes))

    assert returned(frame, "a") == ["a"]
    assert returned({"a": frame, "b": frame}, "a", "b") == ["a", "b"]
    assert returned(None) == []
    for result, writes, sentence in [
        (
            None,
            ("a",),
            "returned NoneType for 'a', not a pandas DataFrame; it is called by a step that writes 'a'",
        ),
        (frame, ("a", "b"), "returned DataFrame, not a dictionary of frames by table name"),
        ({"a": frame}, ("a", "b"), "returned 'a'; it is called by a step that writes 'a', 'b'"),
        (frame, (), "returned DataFrame, and its step writes nothing: state the table under `writes`"),
    ]:
        with pytest.raises(PlatformError, match=sentence):
            returned(result, *writes)
