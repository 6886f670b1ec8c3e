"""What runs inside the platform: steps of pipelines, training, scoring and serving.

Everything about *what* to run comes from the JSON contracts that the compiler writes below
`generated/` (see docs/contracts.md); this package reads no spec.
"""
