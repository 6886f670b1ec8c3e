def carrier_delays(flights, context):
    """Columns: carrier, observed_at, ingested_at, mean_delay_6h, departures_6h."""


def plane_delays(flights):
    """Columns: tail_number, observed_at, last_delay."""
