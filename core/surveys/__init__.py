"""The survey after a ticket is resolved: who is asked, the letter, and answers by its links."""
