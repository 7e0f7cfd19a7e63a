// Preloaded to show what any preload costs.
