"""What a running tool has, as plain objects by address.

`observe` reads it and changes nothing, `desired` says what the compiled output asks for, and `apply` carries
out the changes that it is given. `mlops deploy` compares the two (compiler/diff); so does a setup step, here.
"""
