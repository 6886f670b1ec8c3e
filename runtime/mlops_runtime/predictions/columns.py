"""The log's columns beside keys and inputs: when it was predicted, for what label, by what, and what."""

AT, LABEL_TIMESTAMP, VERSION, PREDICTION = "_at", "_label_timestamp", "_model_version", "_prediction"
