def load():
    """Columns: scheduled_at, carrier, tail_number, distance, gate, dep_delay, cancelled."""
