"""What writes golden/: event files, what the peers read in them, and our answers."""
