"""Letters to the government (信件): intake, flow with clocks, desk, ledger; comments."""
