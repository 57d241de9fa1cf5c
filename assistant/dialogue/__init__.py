"""What is decided about a message before and after the search for an answer. No Django.

``routing.route`` is the door: it cleans, guards and recognises what needs no knowledge base.
"""
