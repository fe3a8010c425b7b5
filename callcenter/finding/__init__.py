"""How somebody is found in spite of spelling: other alphabets, typing errors. Pure."""
