"""Example data: a company to look at. Nothing here is needed to run the product."""
