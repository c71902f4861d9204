"""The terminal of casewright: what people see who work in a terminal the whole day. It asks the server, and decides nothing."""
