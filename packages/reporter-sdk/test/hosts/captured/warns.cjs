process.on('warning', () => {});
process.emitWarning('something else', 'UnhandledPromiseRejectionWarning');
process.emitWarning('another (rejection id: 1)', 'OtherWarning');
setTimeout(() => console.log('went on'), 20);
