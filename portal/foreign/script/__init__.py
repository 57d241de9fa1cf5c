"""Traditional Chinese: every finished Chinese page below ``/zh-hant/``, by conversion."""
