"""The sub-commands of `callcenter` that belong to the room, one module for each group."""
