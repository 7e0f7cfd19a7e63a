console.log('nothing happens');
