from tests.support.lab import lab_pbx, make_lab  # noqa: F401
