"""The sample: sourced historic cases, two fictitious contexts, and a register to measure by."""
