"""How good the answers are: questions with known answers, metrics, calibration. No Django."""
