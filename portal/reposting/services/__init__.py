"""What people do here, each verb in one transaction."""
