"""What a container of ours does beside its program: secrets, the log for the shipper, its health.

Entrypoint, recorder and health check import nothing but Python's own library: each start and each check
runs them.
"""
