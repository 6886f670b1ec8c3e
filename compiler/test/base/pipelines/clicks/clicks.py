def load(context):
    """Visits, from the lake."""
    return context.lake.read(columns=["customer", "left_at", "churned", "visits_before"])


def count(visits, hours=24):
    """Columns clicks_24h, mean_stay, clicked_at, loaded_at and customer."""
    return visits.assign(clicks_24h=0, mean_stay=0.0, clicked_at=None, loaded_at=None)
