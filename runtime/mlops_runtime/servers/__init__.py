"""Starting the servers that do not start by themselves as the process runtime needs them."""
