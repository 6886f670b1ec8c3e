"""Published tables: typed frames, stored as snapshots that are named by their digest."""
