from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
from feast.types import Float64, Int64

customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.INT64)
source = FileSource(path="clicks.parquet", timestamp_field="clicked_at")
clicks = FeatureView(
    name="clicks",
    entities=[customer],
    ttl=timedelta(days=7),
    schema=[Field(name="customer", dtype=Int64), Field(name="clicks_24h", dtype=Int64)],
    source=source,
)
churn = FeatureService(name="churn", features=[clicks])
