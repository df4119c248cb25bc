"""What the regions of the page share: background jobs, loading and choosing networks, the last reading and what follows
it, trainings and their form, downloads, figures, style and words."""
