"""What the bank says of its own accord: so far, that an application somebody follows has moved on."""
