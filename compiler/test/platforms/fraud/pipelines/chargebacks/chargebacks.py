"""What each merchant has taken, day by day."""


def days(payments):
    """Columns: merchant_id, day, weekday, taken."""
    return payments.assign(day=payments["paid_at"], weekday=1, taken=payments["amount"])
