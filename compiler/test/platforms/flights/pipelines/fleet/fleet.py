def listed(context, since: str, pages: list, strict: bool = False):
    """Columns: tail_number, maker."""


def checks(aircraft):
    """Columns: carrier, tail_number, checked_at, loaded_at, seats, load_factor, cabin_temperature, leased, engine,
    pilot_note, last_check."""
