"""The worker: fires what is due, hands over what is to be sent, and takes in what comes back."""
