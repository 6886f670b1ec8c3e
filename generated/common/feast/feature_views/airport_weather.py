# Generated from features/airport_weather.yaml; do not edit.
"""airport_weather: features in the table airport_weather."""

from datetime import timedelta

from data_sources import airport_weather_source
from entities import airport_entity
from feast import FeatureView, Field
from feast.types import Float64

airport_weather_view = FeatureView(
    name="airport_weather",
    description="Hourly weather at an airport.",
    entities=[airport_entity],
    ttl=timedelta(hours=12),
    source=airport_weather_source,
    online=True,
    schema=[
        Field(
            name="precipitation",
            dtype=Float64,
            description="Precipitation of the hour.",
            tags={"unit": "in", "min": "0"},
        ),
        Field(
            name="pressure",
            dtype=Float64,
            description="Air pressure at sea level.",
            tags={"unit": "hPa"},
        ),
        Field(
            name="temperature",
            dtype=Float64,
            description="Air temperature.",
            tags={"unit": "degF", "min": "-40", "max": "130"},
        ),
        Field(
            name="visibility",
            dtype=Float64,
            description="Horizontal visibility.",
            tags={"unit": "mi", "min": "0", "max": "10"},
        ),
        Field(
            name="wind_speed",
            dtype=Float64,
            description="Mean wind speed.",
            tags={"unit": "mph", "min": "0"},
        ),
    ],
    owner="ops-analytics",
)
