"""What must hold whatever comes in, and how it is tried on inputs that no person writes.

`fuzz.targets` says what must hold; `tests/test_fuzz.py` tries it for seconds with hypothesis in
`make test`, `python -m fuzz` (`make fuzz`) for minutes with atheris, which looks for inputs that
run code no other input ran. What was ever found wrong stays in `fuzz/corpus`.
"""
