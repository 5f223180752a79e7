"""Understanding Chinese: what a customer's words ask for, and the figures in them.

The only code that runs on Python 3.10, beside Rasa. The modules at the top of the folder are pure and import
neither Rasa nor a tokenizer, so that the tests of the 3.12 environment cover them; `components` holds the graph
components, `channel` and `tracker_store` the two places where Rasa meets the service.
"""
