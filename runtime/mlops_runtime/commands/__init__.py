"""`python -m mlops_runtime …`: what each command is called, takes and runs. A module per command."""
