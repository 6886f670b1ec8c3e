"""The code that runs inside the platform: pipeline steps, training, scoring, serving, streaming, monitoring.

Everything about *what* to run comes from the JSON contracts that the compiler writes below
`generated/` (see docs/contracts.md); this package reads no spec.
"""
