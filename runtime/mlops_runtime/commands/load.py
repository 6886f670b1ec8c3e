from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence
from mlops_runtime.commands.dump import add_arguments


def run(call: Call) -> Evidence:
    from mlops_runtime.servers import dumps

    options = call.options
    return {"databases": dumps.read(call.workspace, options.program, options.names, options.folder)}


COMMAND = Command("load", "read PostgreSQL's databases from such a folder", run, add_arguments)
