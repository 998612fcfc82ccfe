"""From a request to a priced, submitted, watched job."""
