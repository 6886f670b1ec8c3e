"""`python -m mlops_runtime …`: a module per command, with its name, help, arguments and what it runs."""
