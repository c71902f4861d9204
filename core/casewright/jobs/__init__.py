"""Who carries out what is due: one worker beside a file, any number of them beside a server."""
