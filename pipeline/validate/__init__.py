"""``triage validate``: numbered assertions on generated returns whose truth is known."""
