"""Monitors of data quality, drift, performance once labels are known, and pipelines."""
