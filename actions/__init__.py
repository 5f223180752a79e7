"""The actions Rasa calls: slots and entities in, reply parts and slot events out. No arithmetic, no SQL."""
