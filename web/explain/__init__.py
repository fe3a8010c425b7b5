"""The explain view: why an interaction is as it is, as a story, a picture, figures and events."""
