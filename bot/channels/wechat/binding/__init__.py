"""Binding an openid to a customer: a page behind the platform's OAuth, on which the customer proves who they are."""
