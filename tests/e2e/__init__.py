"""The portal in a real browser: a served demo city, walked and edited as people do."""
