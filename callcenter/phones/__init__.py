"""The soft phone in the browser, as far as it is arithmetic: its secret, the answer to a challenge,
and how a call sounded (pure)."""
