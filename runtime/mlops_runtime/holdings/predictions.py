from __future__ import annotations

import shutil

from mlops_runtime.environment import Workspace
from mlops_runtime.holdings.holding import Holding, moment
from mlops_runtime.predictions.folder import folder_of


def look(workspace: Workspace, name: str) -> Holding | None:
    files = [path for path in folder_of(workspace, name).rglob("*") if path.is_file()]
    if not files:
        return None
    stats = [path.stat() for path in files]
    written = moment(max(each.st_mtime for each in stats))
    return Holding(len(files), "file", sum(each.st_size for each in stats), written, None)


def drop(workspace: Workspace, name: str) -> None:
    shutil.rmtree(folder_of(workspace, name))
