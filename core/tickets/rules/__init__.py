"""Rules an admin adds without code: when something happens to a ticket, if it is so and so, then do this."""
