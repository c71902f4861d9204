"""What a workspace makes of its customers: its `customers.yaml`, and how likely somebody is to leave."""
