"""What of the product's data is a person's, and how long it is kept. Pure."""
