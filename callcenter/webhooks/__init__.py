"""What other systems are told: which events there are, where they may go, how they are signed and
how often they are tried again. Pure."""
