"""Rules about texts: how a message is addressed, what kind it is."""
