"""Which failures of a step another try cannot mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mlops_runtime import contracts
from mlops_runtime.errors import BrokenContract, Lasting, TeamError

_OF_CODE = (SyntaxError, NameError, ImportError)
_OF_CODE_OR_DATA = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)


@contextmanager
def lasting(step: contracts.Step) -> Iterator[None]:
    """Raises `Lasting` in place of a failure of the block that is the same at each try.

    A step that reads tables only, or trains, has the same input at the next try. What a source gets may be
    another answer then, so there only mistakes that Python itself finds in the code last.
    """
    try:
        yield
    except BrokenContract as error:
        if _has_same_input(step):
            raise Lasting(str(error)) from error
        raise
    except TeamError as error:
        lasts = (*_OF_CODE, *_OF_CODE_OR_DATA) if _has_same_input(step) else _OF_CODE
        # Some libraries' failures of a network are ValueErrors too.
        if isinstance(error.__cause__, lasts) and not isinstance(error.__cause__, OSError):
            raise Lasting(str(error)) from error
        raise


def _has_same_input(step: contracts.Step) -> bool:
    if isinstance(step.call, contracts.FunctionCall):
        return bool(step.reads) and not step.connections
    return step.call.uses == "train"
