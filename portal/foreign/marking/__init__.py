"""Marks in a public page at the paragraphs that are behind the Chinese.

Before the page is rendered each such text gets one character of a private area at its end
(``places``); in the finished HTML the characters are replaced by marks (``html``). So a mark stands
exactly where the text stands, whatever template prints it, and nothing is searched for by words.
"""
