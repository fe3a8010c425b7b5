"""What one logged contact is, whatever the channel. Pure."""
