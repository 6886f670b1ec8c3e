"""What a running tool has, as plain objects by address.

`observe` reads it and changes nothing, `desired` is what the compiled output asks for, and `apply` makes the
given changes. `mlops deploy` compares the two (compiler/diff); so does a setup step, here.
"""
