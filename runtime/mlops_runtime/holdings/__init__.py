"""What holds data in the environment's stores, by an address such as `table:flights`, and how it is dropped.

Nothing is listed here, and nothing goes by a pattern: whoever asks names each object. Which of them a release
asked for, and which releases still do, the compiler knows (compiler/release/data.ts).
"""
