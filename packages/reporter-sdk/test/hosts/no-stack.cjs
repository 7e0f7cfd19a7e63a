Error.stackTraceLimit = 0;
throw new RangeError('from nowhere');
