"""What customers read in their browsers: pages made of our forms and of how a matter stands. Nothing is asked or kept here."""
