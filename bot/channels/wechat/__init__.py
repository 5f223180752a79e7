"""WeChat Official Account: what customers write there, and the answers in its request or by its message API."""
