process.setUncaughtExceptionCaptureCallback((error) => console.log('caught', error.message));
setTimeout(() => console.log('went on'), 50);
function openDrawer(till) {
  return till.drawer.open();
}
openDrawer({});
