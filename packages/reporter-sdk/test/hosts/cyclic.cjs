const error = new AggregateError([new Error('one')], 'all of them');
error.cause = error;
error.errors.push(error);
Object.freeze(error);
throw error;
