"""From Kafka into the feature store."""
