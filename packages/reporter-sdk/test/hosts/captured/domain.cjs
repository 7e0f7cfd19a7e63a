const domain = require('node:domain').create();
domain.on('error', (error) => console.log('caught', error.message));
domain.run(() => setTimeout(() => openDrawer({}), 10));
setTimeout(() => console.log('went on'), 50);
function openDrawer(till) {
  return till.drawer.open();
}
