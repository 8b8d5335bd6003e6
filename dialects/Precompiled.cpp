// A precompiled header belongs to a target; this is its only source.
