"""The doors for whoever is nobody on the staff: customers at a form or a status page, other systems at a webhook."""
