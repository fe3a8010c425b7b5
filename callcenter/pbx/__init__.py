"""What a PBX must look like for us: a plan of values, rendered into Asterisk's configuration."""
