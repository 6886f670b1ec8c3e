"""What our containers do beside their program: fill in secrets, keep the log for the shipper, check health.

Entrypoint, recorder and health check import only the standard library, because every start and every health
check runs them.
"""
