"""What comes in from other systems and goes out to them: event logs, discovery, replay."""
