throw { status: 404, message: 'no such order', body: { toString: 1 } };
