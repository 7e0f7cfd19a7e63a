// Lives until somebody ends it.
setTimeout(() => {}, 60_000);
