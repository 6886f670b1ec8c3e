"""The log's columns beside keys and inputs."""

AT, LABEL_TIMESTAMP, VERSION, PREDICTION = "_at", "_label_timestamp", "_model_version", "_prediction"
MISSING = "_missing"  # the features that a row lacked, a list of inputs
