"""Browsers, as people know them."""

from django import template

from linecard.accounts.browsers import browser_in_words

register = template.Library()

register.filter("browser", browser_in_words)
