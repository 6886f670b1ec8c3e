"""Made for the reference: what its examples call."""


def load(batch_size, context):
    return context.connections["orders_db"], batch_size


def observe(orders):
    return orders.rename(columns={"orders_3h": "orders_3h", "courier": "courier"})
