"""From the training loop to event files: `SummaryWriter` and what carries its events off the training
thread.
"""
