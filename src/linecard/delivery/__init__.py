"""Handing an email to a mail server and a text message to a carrier of messages; knows no domain and no Django."""
