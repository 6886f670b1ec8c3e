"""Batch predictions with the champion."""
