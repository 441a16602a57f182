"""What users hand in: arrays of any library, values on an accelerator, work that is deferred, pixels."""
