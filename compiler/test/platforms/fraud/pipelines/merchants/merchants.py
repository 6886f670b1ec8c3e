"""Merchants and cards, day by day."""


def profiles(context):
    """Columns: card, valid_from, loaded_at, age, credit_limit, chip."""
    return context.core.read("cards", columns=["card", "valid_from", "loaded_at", "age", "credit_limit", "chip"])


def listed(context):
    """Columns: merchant_id, category, loaded_at."""
    return context.registry.read("merchants")


def risk(merchants, payments):
    """Columns: merchant_id, observed_at, loaded_at, chargeback_share_90d, category."""
    joined = merchants.merge(payments, on="merchant_id")
    return joined.assign(observed_at=joined["booked_at"], chargeback_share_90d=0.0)


def sales(merchants, payments):
    """Columns: merchant_id, observed_at, loaded_at, taken_7d, cards_7d."""
    joined = merchants.merge(payments, on="merchant_id")
    return joined.assign(observed_at=joined["booked_at"], taken_7d=0.0, cards_7d=0)
