"""The prediction log: its folder, its writers and its reader."""
