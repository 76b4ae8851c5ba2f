"""The example network, generated: synthetic, deterministic, calibrated to published figures."""
