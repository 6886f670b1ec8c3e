"""What a machine gives: a disk, users."""
