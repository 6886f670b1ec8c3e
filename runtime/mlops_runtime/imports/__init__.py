"""Settings that libraries read while they are imported. Import these modules before the library."""
