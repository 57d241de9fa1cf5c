"""How good the answers are: golden questions, metrics, a runner for any retriever, calibration."""
