def count(carrier_delays, cancellations):
    """Columns: carrier, flights."""
