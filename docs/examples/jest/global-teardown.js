module.exports = () => globalThis.arzamedMock?.kill();
