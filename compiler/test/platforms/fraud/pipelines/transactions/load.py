"""Payments as the bank's core has booked them."""


def payments(context, batch_size: int, currency: str = "EUR"):
    """Columns: card, merchant_id, paid_at, booked_at, amount, abroad, hour, fraud, disputed, decided_at."""
    return context.core.read("payments", batch_size=batch_size, currency=currency)
