"""What is watched beyond requests: data, drift, performance once labels have come, pipelines."""
