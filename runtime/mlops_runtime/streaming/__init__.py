"""Streams events from Kafka into the feature store."""
