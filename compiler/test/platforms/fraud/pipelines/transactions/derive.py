"""What a card has paid lately."""


def activity(payments, windows: list):
    """Columns: card, paid_at, booked_at and one a feature."""
    result = payments[["card", "paid_at", "booked_at"]].copy()
    for window in windows:
        result[f"spent_{window}"] = payments["amount"]
    return result.assign(payments_10m=1, spent_1h=0.0, spent_24h=0.0, countries_24h=1, last_abroad=payments["abroad"])
