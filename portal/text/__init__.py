"""Chinese text for the whole project: segmentation and pinyin. No Django, no state, safe from any thread."""
