"""Chinese text for the whole project: words and pinyin. No Django, no state, any thread."""
