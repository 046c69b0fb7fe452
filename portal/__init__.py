"""The house: who you are (people), what pages look like (ui), how things come in and go out.

`portal` is both floor (ui, people, outbox) and roof (channels, urls, worker) of the layers, so the
import contract in pyproject.toml names its apps one by one.
"""
