"""Telegram: private chats with the bank's bot, by webhook or by polling."""

CHANNEL = "telegram"
