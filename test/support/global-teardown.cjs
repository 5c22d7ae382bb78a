module.exports = async () => {
  await globalThis.__redisServer?.stop();
};
