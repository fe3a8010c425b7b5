from tests.pbx.floor import floor  # noqa: F401
from tests.support.lab import lab_pbx, make_lab  # noqa: F401
