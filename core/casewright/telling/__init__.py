"""What is stored, as people say it: names, kinds, lengths of time, promises, histories; for every front end alike."""
