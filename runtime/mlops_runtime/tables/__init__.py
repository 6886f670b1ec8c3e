"""Published tables: typed frames, and snapshots named by their digest."""
