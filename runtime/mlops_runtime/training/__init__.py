"""A model's life: pull features, train, evaluate, gate, register; and repeat a recorded training."""
