"""An embedded stand-in for the login service, the Graph usage reports and their download host."""
