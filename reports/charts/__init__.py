"""Stored numbers as people see them: panels with a sentence, a table and a figure.

Plain Python: neither pandas nor plotly is imported. A figure is the JSON that plotly.js draws;
its colors are names of our palette (`@c1`, `@text-2`), which `charts.js` replaces by the tokens of
the theme that is on.
"""
