"""Mail that comes in: kept as it came, then read, judged and taken as a ticket, a reply, or a record of why it was neither."""
