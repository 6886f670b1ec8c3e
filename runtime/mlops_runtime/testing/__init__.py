"""What a team tries its code with, without a server: pytest's fixtures, made-up rows."""
