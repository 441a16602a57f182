"""All that exists only because `torch.utils.tensorboard` or `tensorboardX` has it.

The doors are `cupola.compat`, which makes both peers' imports mean cupola, `cupola.summary`, and the names
`FileWriter`, `RecordWriter` and `GlobalSummaryWriter` of `cupola`. It is no part of `cupola.compat`, whose
import changes what other imports mean: nothing here does that by being imported.
"""
