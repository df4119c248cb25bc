"""What the regions of the page share: background jobs, the network in use, trainings, figures, style and words."""
